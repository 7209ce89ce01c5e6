"""Convolutions that look farther and farther: context without recurrence (Strubell et al. 2017)."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from tengjia.layers.dropout import Dropout


class DilatedCNN(nn.Module):
    """Blocks of convolutions with dilations 1, 2, 4, ..., each with a shortcut.

    What stands in the padding is 0 before each convolution, as beyond the ends of a sequence, so nothing depends on it.

    Args:
        width: Width of the input.
        hidden_size: Width of all that follows.
        kernel_size: Units that a convolution sees; odd.
        dilations: Distance between these units, one number a layer.
        blocks: How often the whole row of layers is repeated.
        dropout: Share of components dropped after each layer.
    """

    def __init__(
        self,
        width: int,
        hidden_size: int,
        *,
        kernel_size: int = 3,
        dilations: tuple[int, ...] = (1, 2, 4),
        blocks: int = 2,
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        self.width = hidden_size
        self.enter = nn.Linear(width, hidden_size)
        self.layers = nn.ModuleList(_Layer(hidden_size, kernel_size, d, dropout) for d in dilations * blocks)

    def forward(self, values: Tensor, mask: Tensor) -> Tensor:
        """Hidden states `[B, T, H]` of values `[B, T, W]`; `mask` `[B, T]` says where something is."""
        outside = ~mask[..., None]
        values = self.enter(values)
        for layer in self.layers:
            values = layer(values.masked_fill(outside, 0.0))
        return values


class _Layer(nn.Module):
    def __init__(self, width: int, kernel_size: int, dilation: int, dropout: float) -> None:
        super().__init__()
        reach = dilation * (kernel_size // 2)
        self.convolution = nn.Conv1d(width, width, kernel_size, padding=reach, dilation=dilation)
        self.norm = nn.LayerNorm(width)
        self.dropout = Dropout(dropout)

    def forward(self, values: Tensor) -> Tensor:
        seen = torch.nn.functional.gelu(self.convolution(values.transpose(1, 2)).transpose(1, 2))
        result: Tensor = self.norm(values + self.dropout(seen))
        return result
