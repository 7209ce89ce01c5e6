"""Any Hugging Face encoder with a decoder from a local folder; only safetensors are read, no code is ever run."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from tengjia.contracts import Inputs
from tengjia.errors import ConfigurationError, TrainingError
from tengjia.layers.pretrained_encoder import load_pretrained, quicken


class PretrainedEncoderDecoder(nn.Module):
    """A model such as Marian, BART or T5, which reads one text and writes another.

    Args:
        inputs: Its `encoder` is the folder, `encoder_weights` says whether to read the weights.
        dropout: Share of components dropped inside; `None` as the folder's configuration says.

    Raises:
        ConfigurationError: There is no folder, or it has fewer pieces than the texts.
        CheckpointError: There is no encoder with a decoder in it that can be used.
        EnvironmentFault: The package transformers is not installed.
    """

    def __init__(self, inputs: Inputs, *, dropout: float | None = None) -> None:
        super().__init__()
        if inputs.encoder is None:
            raise ConfigurationError("model.no_encoder", key="model.encoder")
        changes = {} if dropout is None else {"dropout": dropout, "dropout_rate": dropout}
        self.model = load_pretrained(inputs.encoder, changes, inputs.encoder_weights, writes=True)
        quicken(self.model)
        size = self.model.config.vocab_size
        if max(inputs.pieces, len(inputs.labels)) > size:
            found = max(inputs.pieces, len(inputs.labels))
            raise ConfigurationError(
                "model.tokenizer_does_not_fit", file=inputs.encoder, key="tokenizer", found=found, allowed=size
            )
        self.pieces = len(inputs.labels)
        self.greatest_length = getattr(self.model.config, "max_position_embeddings", None) or 2**31

    def forward(self, ids: Tensor, mask: Tensor, target: Tensor) -> Tensor:
        """Scores `[B, L, C]` of the pieces that follow each piece of a target `[B, L]`.

        Raises:
            TrainingError: Source or target is longer than the model's positions.
        """
        self._require_room(ids, target)
        scores: Tensor = self.model(
            input_ids=ids, attention_mask=mask.long(), decoder_input_ids=target, use_cache=False
        ).logits
        return scores[..., : self.pieces]

    def begin(self, ids: Tensor, mask: Tensor) -> PretrainedMemory:
        """Read sources, and be ready to write.

        Raises:
            TrainingError: A source is longer than the model's positions.
        """
        self._require_room(ids, ids[:, :0])
        encoded = self.model.get_encoder()(input_ids=ids, attention_mask=mask.long(), return_dict=True)
        return PretrainedMemory(self.model, encoded, mask.long(), self.pieces)

    def _require_room(self, ids: Tensor, target: Tensor) -> None:
        for values, code in ((ids, "model.too_long"), (target, "model.too_long_target")):
            if values.shape[1] > self.greatest_length:
                raise TrainingError(code, found=values.shape[1], allowed=self.greatest_length)


class PretrainedMemory:
    """What a model of the `transformers` package remembers while it writes (`layers.generation.memory.Memory`).

    All hypotheses of a sentence read the same source: its keys and values are copied once for them, and stay where they
    are. Those of the written pieces follow their hypothesis only where it has changed its place.
    """

    def __init__(self, model: Any, encoded: Any, mask: Tensor, pieces: int) -> None:
        from transformers.cache_utils import DynamicCache, EncoderDecoderCache

        self.model, self.encoded, self.mask, self.pieces = model, encoded, mask, pieces
        self.cache = EncoderDecoderCache(DynamicCache(config=model.config), DynamicCache(config=model.config))
        self.width = 1
        self._before = 1

    def advance(self, pieces: Tensor, parents: Tensor) -> Tensor:
        """Scores `[N, K, C]` of the next pieces."""
        count, width = pieces.shape
        if width != self.width:
            self._widen(width)
        rows = (torch.arange(count, device=parents.device)[:, None] * self._before + parents).flatten()
        self._before = width
        if not torch.equal(rows, torch.arange(len(rows), device=rows.device)):
            _select(self.cache.self_attention_cache, rows)
        output = self.model(
            encoder_outputs=self.encoded,
            attention_mask=self.mask,
            decoder_input_ids=pieces.flatten()[:, None],
            past_key_values=self.cache,
            use_cache=True,
        )
        scores: Tensor = output.logits[:, -1, : self.pieces].reshape(count, width, -1)
        return scores

    def keep(self, sentences: Tensor) -> None:
        """Go on with some sentences only."""
        places = torch.arange(self.width, device=sentences.device)
        rows = (sentences[:, None] * self.width + places).flatten()
        self._take(rows)
        _select(self.cache.self_attention_cache, rows)

    def _widen(self, width: int) -> None:
        """From one hypothesis of each sentence to several."""
        rows = torch.arange(len(self.mask), device=self.mask.device).repeat_interleave(width)
        self.width = width
        self._take(rows)

    def _take(self, rows: Tensor) -> None:
        """The sources of some rows."""
        self.mask = self.mask[rows]
        # Its hidden states are not read any more once keys and values are made of them, but their shape is.
        self.encoded.last_hidden_state = self.encoded.last_hidden_state[rows]
        _select(self.cache.cross_attention_cache, rows)


def _select(cache: Any, rows: Tensor) -> None:
    if cache.get_seq_length():
        for layer in cache.layers:
            layer.keys, layer.values = layer.keys.index_select(0, rows), layer.values.index_select(0, rows)
