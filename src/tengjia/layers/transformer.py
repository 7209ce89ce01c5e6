"""A transformer encoder (Vaswani et al. 2017), norms first (Xiong et al. 2020), positions relative or sinusoidal."""

from __future__ import annotations

import math
from typing import Literal

import torch
from torch import Tensor, nn

from tengjia.layers.dropout import Dropout


class TransformerEncoder(nn.Module):
    """Layers of attention and feed-forward nets.

    Args:
        width: Width of the input.
        hidden_size: Width of all that follows; divisible by `heads`.
        layers: How many layers.
        heads: Attention heads of a layer.
        feed_forward_size: Width inside the feed-forward nets.
        dropout: Share of components dropped after each part.
        attention_dropout: Share of attention weights dropped.
        positions: `relative` (Shaw et al. 2018, on keys) tells left from right and near from far, which tagging needs;
            `sinusoidal` is that of the first transformer.
        reach: Distance beyond which relative positions are alike.
    """

    def __init__(
        self,
        width: int,
        hidden_size: int,
        *,
        layers: int,
        heads: int,
        feed_forward_size: int,
        dropout: float = 0.0,
        attention_dropout: float = 0.0,
        positions: Literal["relative", "sinusoidal"] = "relative",
        reach: int = 16,
    ) -> None:
        super().__init__()
        self.width = hidden_size
        self.enter = nn.Linear(width, hidden_size)
        self.sinusoidal = positions == "sinusoidal"
        reach = 0 if self.sinusoidal else reach
        self.layers = nn.ModuleList(
            _Layer(_Attention(hidden_size, heads, attention_dropout, reach), hidden_size, feed_forward_size, dropout)
            for _ in range(layers)
        )
        self.dropout = Dropout(dropout)
        self.norm = nn.LayerNorm(hidden_size)

    def forward(self, values: Tensor, mask: Tensor) -> Tensor:
        """Hidden states `[B, T, H]` of values `[B, T, W]`; nothing attends to where `mask` `[B, T]` is false."""
        values = self.enter(values)
        if self.sinusoidal:
            values = values + sinusoids(values.shape[1], values.shape[2]).to(values)
        values = self.dropout(values)
        for layer in self.layers:
            values = layer(values, mask)
        result: Tensor = self.norm(values)
        return result


def sinusoids(steps: int, width: int) -> Tensor:
    """Positions as sines and cosines `[steps, width]` (Vaswani et al. 2017, section 3.5); `width` is even."""
    rates = torch.exp(torch.arange(0, width, 2) * (-math.log(10000.0) / width))
    angles = torch.arange(steps)[:, None] * rates
    return torch.stack([angles.sin(), angles.cos()], -1).flatten(1)


class _Layer(nn.Module):
    def __init__(self, attention: _Attention, width: int, inner: int, dropout: float) -> None:
        super().__init__()
        self.attention = attention
        self.feed_forward = nn.Sequential(nn.Linear(width, inner), nn.GELU(), Dropout(dropout), nn.Linear(inner, width))
        self.norms = nn.ModuleList([nn.LayerNorm(width), nn.LayerNorm(width)])
        self.dropout = Dropout(dropout)

    def forward(self, values: Tensor, mask: Tensor) -> Tensor:
        values = values + self.dropout(self.attention(self.norms[0](values), mask))
        result: Tensor = values + self.dropout(self.feed_forward(self.norms[1](values)))
        return result


class _Attention(nn.Module):
    """Scaled dot products; with `reach`, a key is also told by how far it is from the query."""

    def __init__(self, width: int, heads: int, dropout: float, reach: int) -> None:
        super().__init__()
        self.heads = heads
        self.reach = reach
        self.enter = nn.Linear(width, 3 * width)
        self.leave = nn.Linear(width, width)
        self.dropout = Dropout(dropout)
        self.scores = nn.Identity()  # a place to look at them from outside, before padding and softmax
        size = width // heads
        self.distances = nn.Parameter(torch.randn(size, 2 * reach + 1) * size**-0.5) if reach else None

    def forward(self, values: Tensor, mask: Tensor) -> Tensor:
        count, steps, width = values.shape
        parts = self.enter(values).view(count, steps, 3, self.heads, width // self.heads)
        query, key, value = parts.permute(2, 0, 3, 1, 4)
        query = query * (width // self.heads) ** -0.5
        weights = query @ key.transpose(-1, -2)
        if self.distances is not None:
            weights = weights + self._by_distance(query @ self.distances)
        weights = self.scores(weights)
        # The least finite number: a row of -inf alone would make NaN of a sequence without pieces.
        weights = weights.masked_fill(~mask[:, None, None], torch.finfo(weights.dtype).min).softmax(-1)
        joined = (self.dropout(weights) @ value).transpose(1, 2).reshape(count, steps, width)
        result: Tensor = self.leave(joined)
        return result

    def _by_distance(self, scores: Tensor) -> Tensor:
        """Scores `[B, heads, T, 2 reach + 1]` by clipped distance, spread to `[B, heads, T, T]`."""
        positions = torch.arange(scores.shape[2], device=scores.device)
        distance = (positions - positions[:, None]).clamp(-self.reach, self.reach) + self.reach
        return scores.gather(3, distance.expand(*scores.shape[:2], -1, -1))
