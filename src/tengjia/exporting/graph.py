"""The net of a pipeline as an ONNX graph: scores of each tag at each unit, for batches and texts of any size.

Traced is not the model itself but a copy in export form: what is quick in training (linear layers on oneDNN, dropout
of the house, two LSTMs of which one reads turned sequences) is put as what ONNX has an operator for. The bidirectional
LSTM of ONNX is told the length of each sequence, so the graph does not depend on padding either.
"""

from __future__ import annotations

import contextlib
import copy
import logging
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import torch
from safetensors.torch import save
from torch import Tensor, nn

from tengjia.contracts import Batch
from tengjia.errors import CheckpointError
from tengjia.layers.bidirectional_lstm import BidirectionalLSTM
from tengjia.layers.crf import CRF
from tengjia.utilities.files import write_bytes

OUTPUT: Final = "scores"
OLDEST: Final = 18
"""Of the operator sets; what the exporter of torch writes by itself."""

_AXES: Final = {"ids": "pieces", "mask": "pieces", "units": "units", "unit_mask": "units"}
_LARGEST: Final = 2**31 - 2**24
"""Bytes of a graph with its weights: protobuf ends at 2 GiB."""


def write_graph(model: nn.Module, file: Path, *, inputs: Sequence[str], opset: int) -> None:
    """Write the graph of a tagger.

    Args:
        model: The tagger; it stays as it is.
        file: Where to write.
        inputs: Names of the inputs in their order: `ids`, `mask`, perhaps `units` and `unit_mask`, further features.
        opset: Operator set of ONNX.

    Raises:
        CheckpointError: The model does what ONNX cannot, or is too large for one file.
    """
    size = sum(tensor.numel() * tensor.element_size() for tensor in model.state_dict().values())
    if size > _LARGEST:
        raise CheckpointError("exporting.too_large", found=size, limit=_LARGEST)
    net = _Net(_export_form(model), inputs, opset).eval()
    axes = {name: torch.export.Dim(name) for name in ("batch", "pieces", "units")}
    shapes = tuple({0: axes["batch"], 1: axes[_AXES.get(name, "pieces")]} for name in inputs)
    with _quiet(), torch.no_grad():
        try:
            program = torch.onnx.export(
                net,
                tuple(_example(name) for name in inputs),
                dynamo=True,
                input_names=list(inputs),
                output_names=[OUTPUT],
                dynamic_shapes={"values": shapes},
                opset_version=opset,
                verbose=False,
            )
        except torch.onnx.OnnxExporterError as error:
            raise CheckpointError("exporting.not_exportable", found=_reason(error)) from error
    assert program is not None
    program.save(file, external_data=False)


def write_decoder(crf: CRF, file: Path) -> None:
    """Write the scores of tags that follow one another; what the label scheme forbids is among them."""
    with torch.no_grad():
        chain = crf.chain(torch.zeros(1, 1, len(crf.start)), torch.ones(1, 1, dtype=torch.bool))
        parts = {"transitions": chain.transitions, "start": chain.start, "end": chain.end}
        write_bytes(file, save({name: part.to("cpu", torch.float32).contiguous() for name, part in parts.items()}))


class _Net(nn.Module):
    """A tagger that takes bare tensors."""

    def __init__(self, model: nn.Module, names: Sequence[str], opset: int) -> None:
        super().__init__()
        self.model = model
        self.names = tuple(names)
        for layer in self.modules():
            if isinstance(layer, _NativeLSTM):
                layer.opset = opset

    def forward(self, *values: Tensor) -> Tensor:
        """Scores `[B, T, C]`."""
        given = dict(zip(self.names, values, strict=True))
        features = {name: value for name, value in given.items() if name not in _AXES}
        batch = Batch(given["ids"], given["mask"], given.get("units"), given.get("unit_mask"), features=features)
        scores: Tensor = self.model(batch)
        return scores


class _NativeLSTM(nn.Module):
    """A `BidirectionalLSTM` as the operator of ONNX, which turns each sequence round by its own length."""

    def __init__(self, layer: BidirectionalLSTM) -> None:
        super().__init__()
        self.hidden_size = layer.width // 2
        self.opset = OLDEST
        self.weights = nn.ParameterList()
        for ahead, back in zip(layer.forwards, layer.backwards, strict=True):
            both = [dict(lstm.named_parameters()) for lstm in (ahead, back)]
            for names in (("weight_ih_l0",), ("weight_hh_l0",), ("bias_ih_l0", "bias_hh_l0")):
                parts = [torch.cat([_in_order_of_onnx(weights[name]) for name in names]) for weights in both]
                self.weights.append(nn.Parameter(torch.stack(parts), requires_grad=False))

    def forward(self, values: Tensor, mask: Tensor) -> Tensor:
        """Hidden states `[B, T, 2 H]` of values `[B, T, W]`; `mask` `[B, T]` is right-padded."""
        values, lengths = values.transpose(0, 1), mask.sum(1).to(torch.int32)
        steps, count = values.shape[:2]
        for first in range(0, len(self.weights), 3):
            (states,) = torch.onnx.ops.symbolic_multi_out(
                "LSTM",
                [values, *self.weights[first : first + 3], lengths],
                {"direction": "bidirectional", "hidden_size": self.hidden_size},
                dtypes=(values.dtype,),
                shapes=((steps, 2, count, self.hidden_size),),
                version=self.opset,
            )
            values = states.transpose(1, 2).reshape(steps, count, 2 * self.hidden_size)
        return values.transpose(0, 1)


def _in_order_of_onnx(weights: Tensor) -> Tensor:
    """Gates of torch (input, forget, cell, output) as ONNX wants them (input, output, forget, cell)."""
    into, forget, cell, out = weights.detach().chunk(4)
    return torch.cat([into, out, forget, cell])


def _export_form(model: nn.Module) -> nn.Module:
    model = copy.deepcopy(model).to("cpu", torch.float32)
    _replace(model)
    return model


def _replace(parent: nn.Module) -> None:
    for name, child in list(parent.named_children()):
        if isinstance(child, BidirectionalLSTM):
            setattr(parent, name, _NativeLSTM(child))
        elif isinstance(child, nn.Dropout):
            setattr(parent, name, nn.Identity())
        elif isinstance(child, nn.Linear):
            setattr(parent, name, _plain(child))
        else:
            _replace(child)


def _plain(layer: nn.Linear) -> nn.Linear:
    """The layer of torch, whatever kind of linear layer it was."""
    plain = nn.Linear(layer.in_features, layer.out_features, bias=layer.bias is not None, device="meta")
    plain.weight, plain.bias = layer.weight, layer.bias
    return plain


def _example(name: str) -> Tensor:
    """Input for tracing. No two axes are equally long, and none is 1: tracing would take that for a law."""
    if name in {"mask", "unit_mask"}:
        width, lengths = (7, (7, 4, 5)) if name == "mask" else (5, (5, 2, 3))
        return torch.arange(width) < torch.tensor(lengths)[:, None]
    return torch.arange(5).expand(3, 5).contiguous() if name == "units" else torch.ones(3, 7, dtype=torch.int64)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Hold back what the exporter says of itself (packages it does not need, its own deprecations)."""
    logger = logging.getLogger("torch.onnx")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)


def _reason(error: BaseException) -> str:
    """What stopped the exporter: the innermost cause, in one line."""
    while error.__cause__ is not None:
        error = error.__cause__
    words: Any = str(error).strip().splitlines() or [type(error).__name__]
    return f"{type(error).__name__}: {words[0][:300]}"
