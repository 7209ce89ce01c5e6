"""One vector for a text from the vectors of its pieces."""

from __future__ import annotations

from typing import Final

import torch
from torch import Tensor

POOLINGS: Final = ("mean", "max", "first")
"""Mean or greatest component over the pieces of a text, or the vector of its first piece (`[CLS]`)."""


def pooled(hidden: Tensor, mask: Tensor, how: str) -> Tensor:
    """The vectors `[B, H]` of texts from hidden states `[B, S, H]`; a text without a piece gets zeros.

    Args:
        hidden: What stands where `mask` `[B, S]` is false plays no part.
        mask: Where a piece is.
        how: One of `POOLINGS`.
    """
    there = mask[..., None]
    if how == "first":
        return hidden[:, 0].masked_fill(~mask[:, :1], 0.0)
    if how == "max":
        lowest = torch.finfo(hidden.dtype).min
        return hidden.masked_fill(~there, lowest).amax(1).masked_fill(~mask.any(1, keepdim=True), 0.0)
    counts = mask.sum(1, keepdim=True).clamp(min=1).to(hidden.dtype)
    return hidden.masked_fill(~there, 0.0).sum(1) / counts
