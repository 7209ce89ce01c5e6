"""A score from measures of any scale: brought to one scale, then a small regression."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from tengjia.layers.dropout import Dropout
from tengjia.layers.precision import in_full

LEAST = 1e-6


class Standardisation(nn.Module):
    """Brings measures to mean 0 and deviation 1 over all that were seen in training, each batch weighing by its size.

    Unlike with batch normalisation, training and use see one and the same scale.

    Args:
        count: How many measures there are.
    """

    seen: Tensor
    mean: Tensor
    spread: Tensor

    def __init__(self, count: int) -> None:
        super().__init__()
        self.register_buffer("seen", torch.zeros(()))
        self.register_buffer("mean", torch.zeros(count))
        self.register_buffer("spread", torch.zeros(count))
        """Sum of the squared distances from the mean."""

    def forward(self, values: Tensor) -> Tensor:
        """`[B, count]` of `[B, count]`."""
        if self.training:
            self._take_in(values.detach())
        deviation = (self.spread / self.seen.clamp(min=1)).sqrt()
        # What never varied says nothing.
        return (values - self.mean) / deviation.masked_fill(deviation < LEAST, torch.inf)

    def _take_in(self, values: Tensor) -> None:
        """Parallel means and squares (Chan, Golub and LeVeque 1979)."""
        more = len(values)
        mean, total = values.mean(0), self.seen + more
        apart = mean - self.mean
        self.spread += (values - mean).square().sum(0) + apart.square() * self.seen * more / total
        self.mean += apart * more / total
        self.seen.copy_(total)


class MeasuredScore(nn.Module):
    """A score from 0 to 1: a logistic regression of standardised measures, or a net with one hidden layer.

    Args:
        count: How many measures there are.
        hidden_size: Width of the hidden layer; 0: none.
        dropout: Share of the measures, and of the hidden layer, dropped in training.
    """

    def __init__(self, count: int, *, hidden_size: int = 0, dropout: float = 0.0) -> None:
        super().__init__()
        self.standardise = Standardisation(count)
        inner = [nn.Linear(count, hidden_size), nn.Tanh(), Dropout(dropout)] if hidden_size else []
        self.net = nn.Sequential(Dropout(dropout), *inner, nn.Linear(hidden_size or count, 1))

    def forward(self, measures: Tensor) -> Tensor:
        """Scores `[B]` of measures `[B, count]`."""
        logits: Tensor = self.net(self.standardise(in_full(measures)))
        return torch.sigmoid(in_full(logits[:, 0]))
