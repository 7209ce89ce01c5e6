"""A graph whose linear layers and large embeddings are kept in 8 bits: smaller by far, quicker on CPUs."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy

from tengjia.errors import CheckpointError

BLOCK: Final = 64
"""Neighbouring weights that share a scale. Of 32, 64 and 128 the quickest, and nearly as exact as 32."""

LARGE: Final = 2**18
"""Numbers of an embedding; a smaller one stays as it is."""

_GREATEST: Final = 127
_INTEGERS: Final = 4
"""What onnxruntime calls the level at which it multiplies 8-bit integers (and not floats made of them)."""


def quantise(source: Path, target: Path) -> None:
    """Write a graph in which the weights of linear layers are 8-bit integers, with a scale for each block of them.

    What enters these layers is rounded to 8 bits as it comes, block by block too, so that an answer does not depend on
    the texts that are asked with it (the usual "dynamic quantisation" takes one scale for the whole batch, and is five
    times as far off). The last layer, which is small and decides, stays as it is. Embeddings are scaled row by row and
    only stored in 8 bits: what is looked up is a float again.

    Args:
        source: The graph.
        target: Where to write. It needs onnxruntime: the operator, `MatMulNBits`, is one of its own.

    Raises:
        CheckpointError: There is neither a linear layer but the last nor a large embedding.
    """
    import onnx

    model = onnx.load(source)
    layers, tables = linear_layers(model.graph), embeddings(model.graph)
    if not layers[:-1] and not tables:
        raise CheckpointError("exporting.nothing_to_quantise")
    if layers[:-1]:
        model = _with_small_layers(model, keep=layers[-1])
    for name in tables:
        _shrink(model.graph, name)
    onnx.save(model, target)


def _with_small_layers(model: Any, *, keep: str) -> Any:
    with _quiet():
        from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer

        quantiser = MatMulNBitsQuantizer(
            model, bits=8, block_size=BLOCK, is_symmetric=True, accuracy_level=_INTEGERS, nodes_to_exclude=[keep]
        )
        quantiser.process()
    return quantiser.model.model


def linear_layers(graph: Any) -> list[str]:
    """Names of the nodes of an `onnx.GraphProto` that multiply by weights, in their order."""
    weights = {tensor.name for tensor in graph.initializer}
    return [node.name for node in graph.node if node.op_type == "MatMul" and node.input[1] in weights]


def embeddings(graph: Any) -> list[str]:
    """Names of large tables of floats `[V, W]` that are only ever looked up row by row."""
    users: dict[str, list[Any]] = {}
    for node in graph.node:
        for name in node.input:
            users.setdefault(name, []).append(node)
    return [
        tensor.name
        for tensor in graph.initializer
        if tensor.data_type == tensor.FLOAT
        and len(tensor.dims) == 2
        and tensor.dims[0] * tensor.dims[1] >= LARGE
        and all(_looks_up(node, tensor.name) for node in users.get(tensor.name, ()))
    ]


def _looks_up(node: Any, table: str) -> bool:
    axes = [attribute.i for attribute in node.attribute if attribute.name == "axis"]
    return node.op_type == "Gather" and node.input[0] == table and axes in ([], [0])


def _shrink(graph: Any, name: str) -> None:
    """Store a table as integers and a scale for each row; look both up, and multiply."""
    from onnx import TensorProto, helper, numpy_helper

    (tensor,) = (tensor for tensor in graph.initializer if tensor.name == name)
    table = numpy_helper.to_array(tensor)
    scales = numpy.maximum(numpy.abs(table).max(1, keepdims=True) / _GREATEST, numpy.finfo(numpy.float32).tiny)
    small = numpy.rint(table / scales).astype(numpy.int8)
    graph.initializer.remove(tensor)
    graph.initializer.append(numpy_helper.from_array(small, f"{name}.small"))
    graph.initializer.append(numpy_helper.from_array(scales.astype(numpy.float32), f"{name}.scales"))
    for place in reversed([place for place, node in enumerate(graph.node) if name in node.input]):
        node = graph.node[place]
        found, ids = node.output[0], node.input[1]
        replacement = [
            helper.make_node("Gather", [f"{name}.small", ids], [f"{found}.small"], axis=0),
            helper.make_node("Cast", [f"{found}.small"], [f"{found}.float"], to=TensorProto.FLOAT),
            helper.make_node("Gather", [f"{name}.scales", ids], [f"{found}.scales"], axis=0),
            helper.make_node("Mul", [f"{found}.float", f"{found}.scales"], [found]),
        ]
        graph.node.remove(node)
        for offset, new in enumerate(replacement):
            graph.node.insert(place + offset, new)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Undo what the quantiser of onnxruntime does to logging (a handler at the root), and hold back its notes."""
    root, own = logging.getLogger(), logging.getLogger("onnxruntime.quantization.matmul_nbits_quantizer")
    level, handlers = root.level, list(root.handlers)
    own.setLevel(logging.ERROR)
    try:
        yield
    finally:
        root.setLevel(level)
        root.handlers[:] = handlers
