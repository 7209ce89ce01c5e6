"""The mean of the pieces of a text, each weighted by how much it matters."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class AttentionPooling(nn.Module):
    """Weights by a learnt question to each piece (Yang et al. 2016, "Hierarchical Attention Networks", equations 5-7).

    Args:
        width: Width of the input.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.enter = nn.Linear(width, width)
        self.question = nn.Linear(width, 1, bias=False)

    def forward(self, values: Tensor, mask: Tensor) -> Tensor:
        """The weighted mean `[B, H]` of values `[B, S, H]` where `mask` `[B, S]` is true; 0 for an empty text."""
        weights = self.weights(values, mask)
        return (weights[:, None] @ values.masked_fill(~mask[..., None], 0.0))[:, 0]

    def weights(self, values: Tensor, mask: Tensor) -> Tensor:
        """How much each piece counts, `[B, S]` with sum 1 in each text that has a piece."""
        asked = self.question(torch.tanh(self.enter(values)))[..., 0]
        lowest = torch.finfo(asked.dtype).min
        return torch.softmax(asked.masked_fill(~mask, lowest), 1).masked_fill(~mask, 0.0)
