"""Attention of a recurrent net that writes to what another has read."""

from __future__ import annotations

from typing import Literal

import torch
from torch import Tensor, nn

from tengjia.layers.linear import Linear


class SourceAttention(nn.Module):
    """For each place that is written a mean of the places that were read.

    Args:
        width: Of what asks.
        source_width: Of what was read.
        kind: `additive`: places are weighed by `v tanh(W q + U k)` (Bahdanau et al. 2015); `general`: by `q W k` (Luong
            et al. 2015).
    """

    def __init__(self, width: int, source_width: int, *, kind: Literal["additive", "general"]) -> None:
        super().__init__()
        self.keys = Linear(source_width, width, bias=kind == "additive")
        self.query = Linear(width, width, bias=False) if kind == "additive" else None
        self.weigh = nn.Parameter(torch.randn(width) * width**-0.5) if kind == "additive" else None

    def read(self, source: Tensor) -> tuple[Tensor, Tensor]:
        """Keys `[B, S, H]` and values of what was read, `[B, S, W]`."""
        return self.keys(source), source

    def forward(self, values: Tensor, keys: Tensor, source: Tensor, mask: Tensor) -> Tensor:
        """Means `[B, T, W]` for values `[B, T, H]`; nothing is read where `mask` `[B, S]` is false."""
        if self.query is None or self.weigh is None:
            scores = values @ keys.transpose(1, 2)
        else:
            scores = torch.tanh(self.query(values)[:, :, None] + keys[:, None]) @ self.weigh
        least = torch.finfo(scores.dtype).min
        return scores.masked_fill(~mask[:, None], least).softmax(-1) @ source
