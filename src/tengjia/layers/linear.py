"""A linear layer that runs on oneDNN where torch would take MKL, which favours the processors of its own maker.

On an AMD EPYC with AVX-512 a matrix product in float32 takes MKL twice as long as oneDNN, which torch brings too (100
against 217 GFLOP/s a core). The operator is the one that torch's own compiler emits; what traces or compiles a model
gets the ordinary one.

A call of oneDNN takes some 15 microseconds more, and it keeps a kernel of its own for every shape (some 200 KiB). A
model that is used, a writer at its next word most of all, makes many small products of ever other shapes, so those go
to MKL. In training shapes are few and known soon.
"""

from __future__ import annotations

from typing import Any, Final

import torch
from torch import Tensor, nn
from torch.nn import functional

_SMALL: Final = 1 << 20
"""Multiplications. Measured with weights of 32 x 32 to 384 x 1,536: MKL is quicker below 0.7 to 1.3 million of them."""


class Linear(nn.Linear):
    """`nn.Linear`, quicker on CPU in float32; the same everywhere else."""

    def forward(self, input: Tensor) -> Tensor:
        """`[..., out]` of `[..., in]`."""
        return product(input, self.weight, self.bias)


def product(input: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """`[..., out]` of `[..., in]` by a weight `[out, in]` that stands elsewhere (a table of vectors)."""
    if not _suits(input, weight):
        return functional.linear(input, weight, bias)
    if not torch.is_grad_enabled():
        small = input.numel() * weight.size(0) < _SMALL
        return functional.linear(input, weight, bias) if small else _product(input, weight, bias)
    result: Tensor = _Product.apply(input, weight, bias)  # type: ignore[no-untyped-call]
    return result


class _Product(torch.autograd.Function):
    """`input @ weight.T + bias` and its derivatives, each one product of oneDNN."""

    @staticmethod
    def forward(ctx: Any, input: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
        ctx.save_for_backward(input, weight)
        return _product(input, weight, bias)

    @staticmethod
    def backward(ctx: Any, *gradients: Any) -> tuple[Tensor | None, Tensor | None, Tensor | None]:
        input, weight = ctx.saved_tensors
        gradient: Tensor = gradients[0]
        wanted = ctx.needs_input_grad
        rows = gradient.flatten(0, -2)
        return (
            _product(gradient, weight.t()) if wanted[0] else None,
            _product(rows.t(), input.flatten(0, -2).t()) if wanted[1] else None,
            rows.sum(0) if wanted[2] else None,
        )


def _product(input: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    result: Tensor = torch.ops.mkldnn._linear_pointwise(input, weight, bias, "none", [], "")
    return result


def _suits(input: Tensor, weight: Tensor) -> bool:
    return (
        _AVAILABLE
        and not torch.compiler.is_compiling()
        and not torch.jit.is_tracing()  # type: ignore[attr-defined, no-untyped-call]
        and input.device.type == "cpu"
        and input.dtype == weight.dtype == torch.float32
        and not torch.is_autocast_enabled("cpu")
        and input.dim() > 1
        and input.numel() > 0
    )


_AVAILABLE = torch.backends.mkldnn.is_available() and hasattr(torch.ops.mkldnn, "_linear_pointwise")  # type: ignore[no-untyped-call]
"""Whether this build of torch has oneDNN (those for macOS have not)."""
