"""Turn each sequence of a padded batch round in its own place, so that nothing read backwards begins with padding."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor


def reversal(lengths: Tensor, steps: int) -> Tensor:
    """Index `[B, T]` that turns each sequence round: position t of a sequence of n holds n - 1 - t, padding itself.

    Args:
        lengths: `[B]` units of each sequence.
        steps: T, the width of the batch.
    """
    positions = torch.arange(steps, device=lengths.device)
    turned = lengths[:, None] - 1 - positions
    return torch.where(turned >= 0, turned, positions)


def rows(index: Tensor) -> Tensor:
    """An index `[B, T]` into the units of each sequence, as one `[T * B]` into the rows of a time-major batch."""
    return (index.T * len(index) + torch.arange(len(index), device=index.device)).flatten()


class _Reverse(torch.autograd.Function):
    """Row selection by a permutation that is its own inverse: backward is the same selection, and no scattering."""

    @staticmethod
    def forward(ctx: Any, values: Tensor, order: Tensor) -> Tensor:
        ctx.save_for_backward(order)
        return values.flatten(0, 1).index_select(0, order).view(values.shape)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None]:
        (order,) = ctx.saved_tensors
        return reverse(gradient, order), None


def reverse(values: Tensor, order: Tensor) -> Tensor:
    """Turn each sequence of `values` `[T, B, H]` round.

    Args:
        values: Rows to move.
        order: `rows(reversal(lengths, T))`.
    """
    result: Tensor = _Reverse.apply(values, order)  # type: ignore[no-untyped-call]
    return result
