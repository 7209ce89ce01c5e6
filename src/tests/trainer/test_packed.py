"""Tensors in one buffer: what the safetensors library reads from it is what was put in."""

from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from safetensors.torch import load

from tengjia.checkpoint.packed import DTYPES, Packed

NAMES = st.text(st.characters(codec="utf-8"), max_size=20).filter(lambda name: name != "__metadata__")
SHAPES = st.lists(st.integers(0, 4), max_size=3)


@st.composite
def some_tensors(draw: st.DrawFn) -> dict[str, torch.Tensor]:
    generator = torch.Generator().manual_seed(draw(st.integers(0, 1 << 30)))
    found = {}
    for name in draw(st.lists(NAMES, max_size=8, unique=True)):
        dtype, shape = draw(st.sampled_from(list(DTYPES))), draw(SHAPES)
        content = torch.randint(0, 2, (math.prod(shape) * dtype.itemsize,), dtype=torch.uint8, generator=generator)
        found[name] = content.view(dtype).view(shape)
    return found


@given(some_tensors())
def test_the_library_reads_what_was_packed(tensors: dict[str, torch.Tensor]) -> None:
    packed = Packed(tensors)
    read = load(bytes(packed.content))
    assert read.keys() == packed.keys() == tensors.keys() and len(packed) == len(tensors)
    for name, tensor in tensors.items():
        for found in (read[name], packed[name]):
            assert (found.dtype, found.shape) == (tensor.dtype, tensor.shape)
            assert torch.equal(found.contiguous().view(-1).view(torch.uint8), tensor.reshape(-1).view(torch.uint8))
    assert Packed.of(packed) is packed
    assert bytes(Packed.of(dict(packed)).content) == bytes(packed.content)


def test_it_is_a_copy_of_parameters_however_they_lie() -> None:
    parameter = torch.nn.Parameter(torch.arange(6.0).view(2, 3).t())
    packed = Packed({"weight": parameter})
    with torch.no_grad():
        parameter.zero_()
    assert packed["weight"].tolist() == [[0.0, 3.0], [1.0, 4.0], [2.0, 5.0]]
    assert packed["weight"].is_contiguous() and not packed["weight"].requires_grad


def test_what_the_format_does_not_know_is_refused() -> None:
    with pytest.raises(KeyError, match="complex64"):
        Packed({"waves": torch.zeros(2, dtype=torch.complex64)})
