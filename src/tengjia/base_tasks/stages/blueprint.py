"""What a bundle says of its model: enough to build it again, and nothing but names and values."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy
import torch
from safetensors import SafetensorError, safe_open

from tengjia.bundle.folder import MODEL_CONFIG, WEIGHTS, Bundle
from tengjia.bundle.modules import check_module
from tengjia.bundle.plain import without_places
from tengjia.bundle.weights import load_tensors, save_tensors
from tengjia.contracts import Inputs
from tengjia.errors import CheckpointError, TengjiaError
from tengjia.layers.undrawn import undrawn
from tengjia.registry import models
from tengjia.utilities.files import read_json, write_json

if TYPE_CHECKING:
    from tengjia.base_tasks.stages.base_task import TaskEncoding
    from tengjia.contracts import Model

ENCODER: Final = "encoder"
"""Folder in `model/` with the config of a pretrained encoder (or encoder with decoder)."""

# Parts of a pretrained encoder's config that would lead out of the bundle or to code.
_LEADING_AWAY: Final = frozenset({"auto_map", "_name_or_path", "name_or_path", "custom_pipelines"})


@dataclass(frozen=True)
class Blueprint:
    """How to build a model."""

    model: Mapping[str, Any]
    """`name` and parameters."""

    vector_width: int | None = None
    """Width of the pretrained vectors that it was built with; the vectors themselves are among the weights."""

    vectors_frozen: bool = False
    """Whether they stayed as they were in training."""

    encoder: Path | None = None
    """Folder of the pretrained encoder (or encoder with decoder) that it was built on, if any."""

    features: Mapping[str, int] = field(default_factory=dict)
    """Vocabulary size of each further input."""

    @classmethod
    def of(cls, model: Mapping[str, Any], inputs: Inputs) -> Blueprint:
        """The blueprint of a model that was built as `models.build(model, inputs=inputs)`."""
        width = None if inputs.vectors is None else int(inputs.vectors.shape[1])
        return cls(_plain(model), width, inputs.vectors_frozen, inputs.encoder, dict(inputs.features))

    def inputs(self, encoding: TaskEncoding) -> Inputs:
        """What the model is told of the data: what its encoding says, and what is known here besides."""
        said = dict(encoding.inputs())
        vectors = None
        if self.vector_width is not None:
            vectors = numpy.broadcast_to(numpy.float32(numpy.nan), (said["pieces"], self.vector_width))
        said |= {
            "features": self.features,
            "vectors": vectors,
            "vectors_frozen": self.vectors_frozen,
            "encoder": self.encoder,
            "encoder_weights": False,
        }
        return Inputs(**said)

    def build(self, encoding: TaskEncoding) -> Model:
        """The model, with weights still to be loaded."""
        model: Model = models.build(self.model, inputs=self.inputs(encoding))
        return model

    def save(self, folder: Path) -> dict[str, Any]:
        """Write what stands in files of its own, and give what belongs in `config.json`."""
        if self.encoder is not None:
            (folder / ENCODER).mkdir()
            config = read_json(self.encoder / "config.json")
            write_json(folder / ENCODER / "config.json", _staying(config))
        return {
            "model": without_places(self.model),
            "vector_width": self.vector_width,
            "vectors_frozen": self.vectors_frozen,
            "features": dict(self.features),
            "encoder": self.encoder is not None,
        }

    @classmethod
    def load(cls, bundle: Bundle) -> Blueprint:
        """Read what `save` wrote, every value checked.

        Raises:
            CheckpointError: A value is missing or not what it must be.
        """
        file = bundle.folder / MODEL_CONFIG
        values = bundle.config
        model = check_module(bundle, "model", values.get("model"), file)
        width, frozen = values.get("vector_width"), values.get("vectors_frozen")
        features, encoder = values.get("features"), values.get("encoder")
        if not (
            (width is None or _is_size(width))
            and isinstance(frozen, bool)
            and isinstance(encoder, bool)
            and isinstance(features, Mapping)
            and all(map(_is_size, features.values()))
        ):
            raise CheckpointError("bundle.not_plain", file=file, found="vector_width, features, encoder")
        if encoder:
            found = bundle.read_config(f"model/{ENCODER}/config.json")
            if _staying(found) != found:
                raise CheckpointError("bundle.not_plain", file=file.parent / ENCODER, found="auto_map")
        return cls(model, width, frozen, bundle.model_folder / ENCODER if encoder else None, dict(features))


def _staying(config: Any) -> Any:
    """The config of an encoder without what would lead away from it; that of one with a decoder holds two more."""
    if not isinstance(config, Mapping):
        return config
    return {key: _staying(value) for key, value in config.items() if key not in _LEADING_AWAY}


def _is_size(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**31


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {str(key): list(value) if isinstance(value, tuple) else value for key, value in values.items()}


def save_weights(model: torch.nn.Module, file: Path) -> None:
    """Write all weights of a model."""
    save_tensors(model.state_dict(), file)


def load_weights(model: torch.nn.Module, file: Path) -> None:
    """Fill a model, whose shapes were compared with the file before.

    Raises:
        CheckpointError: The file is no safetensors file, or does not fit.
    """
    tensors = load_tensors(file)
    try:
        model.load_state_dict(tensors, strict=True)
    except (KeyError, ValueError, RuntimeError, TypeError, AttributeError) as error:
        raise CheckpointError("bundle.unfit", file=file, found=_first_lines(error)) from None


def build_from_bundle(bundle: Bundle, blueprint: Blueprint, encoding: TaskEncoding) -> Model:
    """The model of a bundle with its weights.

    It is built without memory first: sizes in a config cost nothing until the weights are seen to have them.

    Raises:
        CheckpointError: Config and weights do not fit one another.
    """
    file = bundle.folder / WEIGHTS
    try:
        with torch.device("meta"), undrawn():
            outline = blueprint.build(encoding)
        _compare(outline, file)
        with torch.random.fork_rng(devices=[]), undrawn():
            model = blueprint.build(encoding)
    except TengjiaError:
        raise
    except (SafetensorError, RuntimeError, ValueError, TypeError, KeyError, OSError, MemoryError) as error:
        raise CheckpointError("bundle.unfit", file=file, found=_first_lines(error)) from None
    load_weights(model, file)  # type: ignore[arg-type]
    return model


def _compare(outline: Any, file: Path) -> None:
    wanted = {name: list(tensor.shape) for name, tensor in outline.state_dict().items()}
    with safe_open(file, "pt") as opened:
        shared = json.loads((opened.metadata() or {}).get("shared", "{}"))
        found = {name: list(opened.get_slice(name).get_shape()) for name in opened.keys()}  # noqa: SIM118
    found |= {name: found.get(original) for name, original in shared.items()}
    for name in sorted(wanted.keys() | found.keys()):
        if wanted.get(name) != found.get(name):
            difference = f"{name}: {wanted.get(name, '-')} / {found.get(name, '-')}"
            raise CheckpointError("bundle.unfit", file=file, found=difference)


def _first_lines(error: Exception) -> str:
    return " ".join(str(error).split())[:300]
