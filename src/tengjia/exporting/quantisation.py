"""A graph whose linear layers are stored and multiplied in 8 bits: smaller by far, quicker on CPUs."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from tengjia.errors import CheckpointError

OPERATORS: Final = ("MatMul", "Gemm")
"""Linear layers. Embeddings, convolutions and recurrent layers keep their precision: little is won, much is lost."""


def quantise(source: Path, target: Path) -> None:
    """Write a graph in which the weights of linear layers are 8-bit integers, scaled by output channel.

    What enters these layers is rounded to 8 bits by its own range as it comes ("dynamic quantisation"). The weights
    take 7 of the bits: with all 8, processors without VNNI instructions overflow, and the export would answer one way
    here and another way there. The last layer, which is small and decides, stays as it is.

    Args:
        source: The graph.
        target: Where to write.

    Raises:
        CheckpointError: There is no linear layer but the last.
    """
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    graph = onnx.load(source).graph
    layers = linear_layers(graph)
    if not layers[:-1]:
        raise CheckpointError("exporting.nothing_to_quantise")
    with _quiet():
        quantize_dynamic(
            source,
            target,
            nodes_to_quantize=layers[:-1],
            per_channel=True,
            reduce_range=True,
            weight_type=QuantType.QInt8,
        )


def linear_layers(graph: Any) -> list[str]:
    """Names of the nodes of an `onnx.GraphProto` that multiply by weights, in their order."""
    weights = {tensor.name for tensor in graph.initializer}
    return [node.name for node in graph.node if node.op_type in OPERATORS and node.input[1] in weights]


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Hold back the advice to run its preprocessing first, on the root logger: it is for graphs of other shapes."""
    root = logging.getLogger()
    level = root.level
    root.setLevel(logging.ERROR)
    try:
        yield
    finally:
        root.setLevel(level)
