"""Any Hugging Face encoder from a local folder: its configuration, and its weights unless a bundle brings them.

Only safetensors are read, and no code that a folder brings is ever run (`trust_remote_code` is never set).
"""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Final

import torch
from torch import Tensor, nn
from torch.nn.functional import pad

from tengjia.config.parameters import Limits
from tengjia.contracts import Inputs
from tengjia.errors import CheckpointError, ConfigurationError, EnvironmentFault, TrainingError
from tengjia.layers.dropout import Dropout
from tengjia.layers.linear import Linear

WIDTHS: Final = 16
"""In use on a CPU, batches are made as wide as a multiple of this."""


class PretrainedEncoder(nn.Module):
    """An encoder such as BERT, RoBERTa, ELECTRA or ERNIE (Devlin et al. 2019).

    Args:
        config: See `Config`; models build theirs on it.
        inputs: Its `encoder` is the folder, `encoder_weights` says whether to read the weights.

    Raises:
        ConfigurationError: There is no folder, or no encoder in it that can be used.
        EnvironmentFault: The package transformers is not installed.
    """

    limits: ClassVar[Limits] = {
        "encoder_dropout": (0.0, 1.0),
        "attention_dropout": (0.0, 1.0),
        "layer_decay": (0.0, 1.0),
        "head_rate": (0, None),
        "frozen_layers": (0, None),
    }

    @dataclass(frozen=True)
    class Config:
        """What every model says that stands on an encoder."""

        encoder: str = ""
        """Folder of a Hugging Face encoder, below `bert_model_root`; there must be one."""
        encoder_dropout: float | None = None
        """Share of hidden components dropped inside the encoder; null: as the encoder's own configuration says."""
        attention_dropout: float | None = None
        """Share of attention weights dropped; null: as the encoder's own configuration says; 0 is the fastest."""
        layer_decay: float = 1.0
        """Each layer of the encoder learns so many times as fast as the one above it (0.9, for instance)."""
        head_rate: float = 10.0
        """Multiplier of the learning rate of what is not pretrained."""
        frozen_layers: int = 0
        """So many of the lowest layers do not learn, nor do the embeddings then; 0: everything learns."""
        freeze: tuple[str, ...] = ()
        """Further parts that do not learn, by parameter name (`encoder.model.embeddings`, `*.bias`)."""

    def __init__(self, config: Config, inputs: Inputs) -> None:
        super().__init__()
        if inputs.encoder is None:
            raise ConfigurationError("model.no_encoder", key="model.encoder")
        overrides = {
            "hidden_dropout_prob": config.encoder_dropout,
            "attention_probs_dropout_prob": config.attention_dropout,
        }
        changes = {key: value for key, value in overrides.items() if value is not None}
        self.model = load_pretrained(inputs.encoder, changes, inputs.encoder_weights)
        quicken(self.model)
        self.width: int = self.model.config.hidden_size
        self.widths = WIDTHS
        """1: batches stay as wide as they are, for who looks at what goes on inside."""
        self.greatest_length = _greatest_length(self.model)
        self._tells_texts_apart = getattr(self.model.config, "type_vocab_size", 0) > 1
        size = self.model.config.vocab_size
        if inputs.pieces > size:
            raise ConfigurationError(
                "model.tokenizer_does_not_fit", file=inputs.encoder, key="tokenizer", found=inputs.pieces, allowed=size
            )

    def forward(self, ids: Tensor, mask: Tensor, segments: Tensor | None = None) -> Tensor:
        """Hidden states `[B, S, H]` of the last layer.

        Args:
            ids: `[B, S]` pieces, with the special ones that the encoder was trained with.
            mask: `[B, S]` bool.
            segments: `[B, S]` int64: 0 for the first text, 1 for a second one; an encoder that was not trained to tell
                texts apart (RoBERTa, DistilBERT) goes by the pieces between them alone.

        Raises:
            TrainingError: The sequences are longer than the encoder's positions.
        """
        result: Tensor = self._run(ids, mask, segments).last_hidden_state
        return result[:, : ids.shape[1]]

    def states(self, ids: Tensor, mask: Tensor) -> list[Tensor]:
        """Hidden states `[B, S, H]` before the first layer and after each one.

        Raises:
            TrainingError: The sequences are longer than the encoder's positions.
        """
        found = self._run(ids, mask, None, output_hidden_states=True).hidden_states
        return [state[:, : ids.shape[1]] for state in found]

    def _run(self, ids: Tensor, mask: Tensor, segments: Tensor | None, **wanted: bool) -> Any:
        if ids.shape[1] > self.greatest_length:
            raise TrainingError("model.too_long", found=ids.shape[1], allowed=self.greatest_length)
        mask = mask.long()
        if not (torch.is_grad_enabled() or torch.compiler.is_compiling() or ids.device.type != "cpu"):
            ids, mask = self._rounded(ids), self._rounded(mask)
            segments = None if segments is None else self._rounded(segments)
        told = {"token_type_ids": segments} if segments is not None and self._tells_texts_apart else {}
        return self.model(input_ids=ids, attention_mask=mask, **told, **wanted)

    def _rounded(self, values: Tensor) -> Tensor:
        """`[B, S]` padded to one of few widths. In use, where each batch is as wide as its texts happen to be, every
        new shape would leave blocks of memory, and kernels made for it, that serve no other."""
        width = values.shape[1]
        return pad(values, (0, min(-(-width // self.widths) * self.widths, self.greatest_length) - width))

    def rates(self, prefix: str, decay: float) -> dict[str, float]:
        """Multipliers of the learning rate by part: 1 for the highest layer, times `decay` for each layer below.

        Args:
            prefix: Name of this encoder in its model.
            decay: At most 1.
        """
        stack = self._stack()
        count = len(stack)
        rates = {f"{prefix}.{name}": decay ** (count - 1 - number) for number, name in enumerate(stack)}
        return rates | {f"{prefix}.{name}": decay**count for name in self._embeddings()}

    def lowest(self, prefix: str, layers: int) -> list[str]:
        """Names of the embeddings and of the lowest layers, for freezing; none when `layers` is 0.

        Raises:
            ConfigurationError: There are fewer layers.
        """
        stack = self._stack()
        if layers > len(stack):
            raise ConfigurationError(
                "model.too_few_layers", key="model.frozen_layers", found=layers, allowed=len(stack)
            )
        return [f"{prefix}.{name}" for name in (*self._embeddings(), *stack[:layers])] if layers else []

    def layers(self) -> list[nn.Module]:
        """The layers, from the lowest."""
        return [self.get_submodule(name) for name in self._stack()]

    def _stack(self) -> list[str]:
        """Names of the layers, from the lowest: the one list of modules that is as long as the configuration says."""
        count = getattr(self.model.config, "num_hidden_layers", 0)
        for name, module in self.named_modules():
            if isinstance(module, nn.ModuleList) and len(module) == count > 0:
                return [f"{name}.{number}" for number in range(count)]
        return []

    def _embeddings(self) -> list[str]:
        return [f"model.{name}" for name, _ in self.model.named_children() if name.startswith("embeddings")]


def load_pretrained(folder: Path, changes: dict[str, Any], weights: bool, *, writes: bool = False) -> Any:
    """A model of the `transformers` package from a folder, in training mode.

    Args:
        folder: Its config, and its weights.
        changes: Values in place of those of its config.
        weights: Whether to read the weights.
        writes: Whether it is to be an encoder with a decoder; else an encoder alone.

    Raises:
        ConfigurationError: There is no config.
        CheckpointError: It is of another kind, or cannot be used.
        EnvironmentFault: The package transformers is not installed.
    """
    if not (folder / "config.json").is_file():
        raise ConfigurationError("model.encoder_missing", file=folder, key="bert_model_root", found=str(folder))
    try:
        import transformers
        from safetensors import SafetensorError
    except ImportError as error:
        raise EnvironmentFault("model.transformers_missing") from error
    local = {"local_files_only": True, "trust_remote_code": False}
    with _quiet(transformers):
        try:
            config = transformers.AutoConfig.from_pretrained(folder, **local, **changes)
            _check_kind(config, folder, writes)
            kind: Any = transformers.AutoModelForSeq2SeqLM if writes else transformers.AutoModel
            if not weights:
                return _without_pooler(kind.from_config(config, trust_remote_code=False))
            model, report = kind.from_pretrained(
                folder,
                config=config,
                **local,
                use_safetensors=True,
                dtype=torch.float32,
                output_loading_info=True,
                ignore_mismatched_sizes=True,
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RuntimeError, SafetensorError) as error:
            reason = str(error).strip().partition("\n")[0]
            raise CheckpointError("model.encoder_unusable", file=folder, found=reason) from error
    _check_report(report, folder)
    return _without_pooler(model)


def _check_kind(config: Any, folder: Path, writes: bool) -> None:
    if bool(getattr(config, "is_encoder_decoder", False)) is not writes:
        code = "model.writes_nothing" if writes else "model.not_an_encoder"
        raise CheckpointError(code, file=folder, found=config.model_type)


def _check_report(report: Any, folder: Path) -> None:
    """Every tensor that the configuration asks for was in the file, and of its shape."""
    for name, found, wanted in sorted(report["mismatched_keys"]):
        raise CheckpointError(
            "model.encoder_other_shapes", file=folder, name=name, found=list(found), allowed=list(wanted)
        )
    missing = sorted(key for key in report["missing_keys"] if not key.startswith("pooler."))
    if missing:
        raise CheckpointError("model.encoder_incomplete", file=folder, found=", ".join(missing[:5]), count=len(missing))


def _without_pooler(model: Any) -> Any:
    # It only serves whole texts; a parameter that gets no gradient would stop distributed training.
    if getattr(model, "pooler", None) is not None:
        model.pooler = None
    # The library hands out models for use, not for training; every other module begins in training mode.
    return model.float().train()


@contextlib.contextmanager
def _quiet(transformers: Any) -> Iterator[None]:
    """Hold back what the library says of heads that a tagger does not use; what matters is checked afterwards."""
    verbosity = transformers.utils.logging.get_verbosity()
    bars = transformers.utils.logging.is_progress_bar_enabled()
    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        transformers.utils.logging.set_verbosity(verbosity)
        if bars:
            transformers.utils.logging.enable_progress_bar()


def quicken(model: nn.Module) -> None:
    """Put the house's dropout and linear layers, which are quick on CPU, in the place of torch's."""
    for parent in list(model.modules()):
        for name, child in list(parent.named_children()):
            if type(child) is nn.Dropout:
                setattr(parent, name, Dropout(child.p))
            elif type(child) is nn.Linear:
                setattr(parent, name, _quick(child))


def _quick(layer: nn.Linear) -> Linear:
    """The same parameters in a layer of the house."""
    quick = Linear(layer.in_features, layer.out_features, bias=layer.bias is not None, device="meta")
    quick.weight, quick.bias = layer.weight, layer.bias
    return quick


def _greatest_length(model: Any) -> int:
    """Pieces that the encoder has positions for; RoBERTa's positions begin after its padding id."""
    positions = getattr(model.config, "max_position_embeddings", None) or 2**31
    table = getattr(getattr(model, "embeddings", None), "position_embeddings", None)
    padding = getattr(table, "padding_idx", None)
    return int(positions) - (0 if padding is None else padding + 1)
