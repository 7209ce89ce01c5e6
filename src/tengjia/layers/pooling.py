"""From the vectors of the pieces to one vector of the text; nothing depends on padding, and an empty text gives 0."""

from __future__ import annotations

from torch import Tensor


def first(values: Tensor, mask: Tensor) -> Tensor:
    """The vector of the first piece `[B, H]` (`[CLS]` of BERT) of values `[B, S, H]` where `mask` `[B, S]` is true."""
    return values[:, 0] * mask[:, :1]


def mean(values: Tensor, mask: Tensor) -> Tensor:
    """The mean `[B, H]` of values `[B, S, H]` where `mask` `[B, S]` is true."""
    kept = values.masked_fill(~mask[..., None], 0.0)
    return kept.sum(1) / mask.sum(1, keepdim=True).clamp(min=1)


def greatest(values: Tensor, mask: Tensor) -> Tensor:
    """The greatest of each component `[B, H]` of values `[B, S, H]` where `mask` `[B, S]` is true."""
    kept = values.masked_fill(~mask[..., None], float("-inf")).amax(1)
    return kept.masked_fill(~mask.any(1, keepdim=True), 0.0)


POOLINGS = {"cls": first, "mean": mean, "max": greatest}
"""Name in a config -> what it does."""
