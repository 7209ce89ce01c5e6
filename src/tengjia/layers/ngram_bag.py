"""N-grams of pieces as vectors, by the hashing trick (Weinberger et al. 2009), summed over a text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import torch
from torch import Tensor, nn
from torch.nn import functional

from tengjia.layers.embedding import SPREAD

_FACTOR: Final = 0x9E3779B1
"""Multiplier of the rolling hash: odd, and near 2 ** 32 divided by the golden ratio (Knuth, volume 3, 6.4)."""

_RANGE: Final = (1 << 31) - 1
"""What the hash is reduced by after each piece: a prime, so products stay within 64 bits."""


class NgramBag(nn.Module):
    """Sums the vectors of all n-grams of 2 to `longest` pieces of each text.

    Args:
        width: Width of a vector.
        longest: Pieces of the longest n-grams; 1: there are none.
        buckets: Vectors that the n-grams share.
        dropout: Share of n-grams left out in training (Iyyer et al. 2015, "Deep Unordered Composition Rivals ...").
    """

    def __init__(self, width: int, *, longest: int, buckets: int, dropout: float = 0.0) -> None:
        super().__init__()
        self.longest, self.buckets, self.dropout = longest, buckets, dropout
        self.table = nn.Parameter(torch.empty(buckets, width).normal_(std=SPREAD)) if longest > 1 else None

    def forward(self, ids: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Sums `[B, W]` of the vectors of the n-grams of pieces `[B, S]`, and how many each text has, `[B]`."""
        counts = torch.zeros(len(ids), dtype=torch.int64, device=ids.device)
        if self.table is None:
            return ids.new_zeros((), dtype=torch.float32), counts
        codes, texts = self._codes(ids, mask)
        counts = torch.bincount(texts, minlength=len(ids))
        order = torch.argsort(texts, stable=True)
        offsets = counts.cumsum(0) - counts
        return functional.embedding_bag(codes[order], self.table, offsets, mode="sum"), counts

    def _codes(self, ids: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """The bucket of every n-gram that is not left out, and the number of its text."""
        found = ngrams(ids, mask, longest=self.longest, buckets=self.buckets, shortest=2)
        kept = [(codes, self._kept(inside)) for codes, inside in found]
        return torch.cat([codes[stays] for codes, stays in kept]), torch.cat(
            [stays.nonzero()[:, 0] for _, stays in kept]
        )

    def _kept(self, inside: Tensor) -> Tensor:
        if not self.training or not self.dropout:
            return inside
        return inside & (torch.rand(inside.shape, device=inside.device) >= self.dropout)


def ngrams(
    ids: Tensor, mask: Tensor, *, longest: int, buckets: int, shortest: int = 1
) -> Iterator[tuple[Tensor, Tensor]]:
    """The buckets `[B, S - n + 1]` of all n-grams of pieces, n rising, and where they lie within their text.

    Args:
        ids: `[B, S]` pieces.
        mask: `[B, S]` bool: where a piece is.
        longest: Pieces of the longest n-grams.
        buckets: How many buckets there are.
        shortest: Pieces of the shortest.
    """
    rolling, inside = ids, mask
    for size in range(1, longest + 1):
        if size > 1:
            # Longer by a piece: the hash of pieces i .. i + size - 2, and piece i + size - 1.
            rolling = (rolling[:, :-1] * _FACTOR + ids[:, size - 1 :] + size) % _RANGE
            inside = inside[:, :-1] & mask[:, size - 1 :]
        if size >= shortest:
            yield rolling % buckets, inside
