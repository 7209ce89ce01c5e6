"""How well two texts fit, from a vector of each."""

from __future__ import annotations

from typing import Final, Literal

import torch
from torch import Tensor, nn
from torch.nn import functional

from tengjia.layers.dropout import Dropout
from tengjia.layers.precision import in_full

Kind = Literal["cosine", "learned"]
EPSILON: Final = 1e-8
"""Norms below it count as it, so that the vector of an empty text fits nothing instead of being no number."""


class Comparison(nn.Module):
    """Compares vectors by their cosine, or by a small net that learns how.

    The learned one looks at |u - v| and u * v (Tai, Socher and Manning 2015, section 4.2), which do not change when the
    two texts change places, and at the cosine.

    Args:
        width: Width of the vectors.
        kind: `cosine`, or `learned`.
        hidden_size: Width inside the net.
        dropout: Share of components dropped inside.
    """

    def __init__(self, width: int, kind: Kind, *, hidden_size: int = 64, dropout: float = 0.0) -> None:
        super().__init__()
        self.kind = kind
        self.net: nn.Module | None = None
        if kind == "learned":
            first = nn.Linear(2 * width + 1, hidden_size)
            self.net = nn.Sequential(Dropout(dropout), first, nn.ReLU(), Dropout(dropout), nn.Linear(hidden_size, 1))

    def forward(self, first: Tensor, second: Tensor) -> Tensor:
        """How well vectors fit, `[...]`: the cosine from -1 to 1, or what was learnt, from 0 to 1.

        Args:
            first: `[..., H]`.
            second: `[..., H]`, of a shape that goes with it.
        """
        near = cosine(first, second)
        if self.net is None:
            return near
        first, second = in_full(first), in_full(second)
        seen = torch.cat([(first - second).abs(), first * second, near[..., None]], -1)
        learnt: Tensor = self.net(seen.to(next(self.net.parameters()).dtype))
        return torch.sigmoid(in_full(learnt[..., 0]))


def cosine(first: Tensor, second: Tensor) -> Tensor:
    """The cosine of vectors `[..., H]`, 0 where one of them is zero."""
    return (unit(first) * unit(second)).sum(-1)


def unit(vectors: Tensor) -> Tensor:
    """The vectors at length 1."""
    return functional.normalize(in_full(vectors), dim=-1, eps=EPSILON)
