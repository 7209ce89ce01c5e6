"""The quick linear layer is the ordinary one: values, derivatives, and wherever it steps back."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from tengjia.layers import linear
from tengjia.layers.linear import Linear

here = pytest.mark.skipif(not linear._AVAILABLE, reason="this build of torch has no oneDNN")


def pair(width: int, out: int, *, bias: bool = True) -> tuple[Linear, nn.Linear]:
    ours, reference = Linear(width, out, bias=bias), nn.Linear(width, out, bias=bias)
    reference.load_state_dict(ours.state_dict())
    return ours, reference


def close(found: Tensor | None, expected: Tensor | None) -> None:
    assert found is not None and expected is not None and found.stride() == expected.stride()
    torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-5)


@given(
    shape=st.lists(st.integers(1, 6), min_size=1, max_size=3),
    width=st.integers(1, 70),
    out=st.integers(1, 70),
    bias=st.booleans(),
    seed=st.integers(0, 2**31),
)
@settings(max_examples=60, deadline=None)
def test_values_and_derivatives(shape: list[int], width: int, out: int, bias: bool, seed: int) -> None:
    torch.manual_seed(seed)
    ours, reference = pair(width, out, bias=bias)
    values = torch.randn(*shape, width)
    first, second = (values.clone().requires_grad_() for _ in range(2))
    found, expected = ours(first), reference(second)
    direction = torch.randn_like(expected)
    found.backward(direction)
    expected.backward(direction)
    close(found, expected)
    close(first.grad, second.grad)
    for mine, theirs in zip(ours.parameters(), reference.parameters()):
        close(mine.grad, theirs.grad)


def test_views_and_spread_gradients() -> None:
    ours, reference = pair(5, 9)
    views = (
        torch.randn(4, 16, 9)[..., 2:7],
        torch.randn(3, 16, 5).transpose(0, 1),
        torch.randn(16, 1, 5).expand(16, 7, 5),
    )
    for view in views:
        first, second = (view.detach().requires_grad_() for _ in range(2))
        ours(first).sum().backward()
        reference(second).sum().backward()
        torch.testing.assert_close(first.grad, second.grad)
    torch.testing.assert_close(ours.weight.grad, reference.weight.grad)


@here
def test_what_does_not_learn_gets_no_gradient(monkeypatch: pytest.MonkeyPatch) -> None:
    products = counted(monkeypatch)
    layer = Linear(4, 3)
    layer.weight.requires_grad_(False)
    layer(torch.randn(2, 4)).sum().backward()
    assert layer.weight.grad is None and layer.bias.grad is not None and len(products) == 1
    layer.requires_grad_(False)
    values = torch.randn(2, 4, requires_grad=True)
    layer(values).sum().backward()
    assert values.grad is not None and len(products) == 3


@here
def test_the_same_bits_again() -> None:
    layer, values = Linear(384, 384), torch.randn(20, 30, 384)
    results = []
    for _ in range(3):
        layer.zero_grad()
        layer(values).square().sum().backward()
        results.append(layer.weight.grad)
    assert torch.equal(results[0], results[1]) and torch.equal(results[0], results[2])


@here
@pytest.mark.parametrize(
    ("change", "quick"),
    [
        (lambda layer: layer(torch.randn(2, 4)), True),
        (lambda layer: layer(torch.randn(4)), False),
        (lambda layer: layer(torch.randn(0, 4)), False),
        (lambda layer: layer.double()(torch.randn(2, 4, dtype=torch.float64)), False),
        (lambda layer: layer.bfloat16()(torch.randn(2, 4, dtype=torch.bfloat16)), False),
        (lambda layer: torch.jit.trace(layer, torch.randn(2, 4), check_trace=False), False),
        (lambda layer: torch.export.export(layer, (torch.randn(2, 4),)), False),
    ],
    ids=["float32", "one row", "no rows", "float64", "bfloat16", "tracing", "export"],
)
@pytest.mark.filterwarnings("ignore:.*torch.jit:DeprecationWarning")
def test_it_steps_back(change: Any, quick: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    products = counted(monkeypatch)
    change(Linear(4, 3))
    assert bool(products) is quick


@here
@pytest.mark.parametrize(("rows", "quick"), [(1023, False), (1024, True)])
def test_small_products_of_a_model_in_use_are_not_worth_a_call(
    rows: int, quick: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """2^20 multiplications and more go to oneDNN; where gradients are wanted, all do."""
    products = counted(monkeypatch)
    layer, reference = pair(32, 32)
    values = torch.randn(rows, 32)
    with torch.inference_mode():
        close(layer(values), reference(values))
    assert bool(products) is quick
    layer(values)
    assert len(products) == 1 + quick


@here
def test_autocast_chooses_the_precision(monkeypatch: pytest.MonkeyPatch) -> None:
    products = counted(monkeypatch)
    with torch.autocast("cpu", torch.bfloat16):
        assert Linear(4, 3)(torch.randn(2, 4)).dtype == torch.bfloat16
    assert not products


def counted(monkeypatch: pytest.MonkeyPatch) -> list[None]:
    """Grows with every product that oneDNN makes."""
    calls: list[None] = []
    product = linear._product

    def counting(*arguments: Any) -> Tensor:
        calls.append(None)
        return product(*arguments)

    monkeypatch.setattr(linear, "_product", counting)
    return calls
