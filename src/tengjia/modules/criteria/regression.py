"""The score itself, as the model gives it: `criterion=regression`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import torch
from torch import Tensor

from tengjia.layers.precision import in_full
from tengjia.registry import criteria

_LEAST = 1e-6


@criteria.register("regression")
class Regression:
    """Error of the score that a model gives a pair, summed over the pairs; for twin and for cross encoders.

    A third text of an example of twin encoders is a pair that does not fit.

    Args:
        config: Its parameters.
        model: Compares the vectors, where there are vectors.
    """

    decoder = ("vectors", "score")

    @dataclass(frozen=True)
    class Config:
        """Parameters of `regression`."""

        loss: Literal["squared", "cross_entropy"] = "squared"
        """Squared error, or cross entropy between the scores as probabilities (steeper where the model is sure and
        wrong; for yes and no the usual one)."""

    def __init__(self, config: Config, *, model: Any) -> None:
        self.config = config
        self.model = model

    def __call__(self, found: tuple[Tensor, ...] | Tensor, target: Tensor | None, groups: Tensor | None) -> Tensor:
        """The summed loss (scalar) of vectors `[B, H]` of two or three texts, or of scores `[B]`."""
        if isinstance(found, Tensor):
            return self._error(found, target)
        loss = self._error(self.model.compare(found[0], found[1]), target)
        if len(found) > 2:
            worse = self.model.compare(found[0], found[2])
            loss = loss + self._error(worse, torch.zeros_like(worse))
        return loss

    def _error(self, scores: Tensor, target: Tensor | None) -> Tensor:
        scores = in_full(scores)
        wanted = scores.new_ones(len(scores)) if target is None else target.to(scores.dtype)
        if self.config.loss == "squared":
            return ((scores - wanted) ** 2).sum()
        likely = scores.clamp(_LEAST, 1 - _LEAST)
        return -(wanted * likely.log() + (1 - wanted) * (1 - likely).log()).sum()
