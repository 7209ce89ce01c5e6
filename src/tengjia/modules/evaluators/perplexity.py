"""How well a model foresees the pieces of texts: `evaluator=perplexity`."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from tengjia.data.target_pieces import TargetPieces
from tengjia.registry import evaluators

if TYPE_CHECKING:
    import torch

_WORST = 700.0
"""The greatest mean of which the exponential is a number."""


@evaluators.register("perplexity")
class Perplexity:
    """Perplexity of the gold texts, and the share of their pieces that the model held for the likeliest.

    Both are measured piece by piece, each time after the gold pieces before it: quick, and good to see a model learn,
    but no measure of what it writes by itself. Label smoothing does not enter.

    Args:
        config: It has no parameters.
        labels: Not needed; every evaluator gets them.
    """

    metrics: ClassVar[dict[str, str]] = {"perplexity": "min", "piece_accuracy": "max"}
    measures = "pieces"

    @dataclass(frozen=True)
    class Config:
        """`perplexity` has no parameters."""

    def __init__(self, config: Config, *, labels: TargetPieces) -> None:
        self.config = config
        self.reset()

    def reset(self) -> None:
        """Forget everything."""
        self._sums = [0.0, 0.0, 0.0]

    def update(self, predicted: tuple[torch.Tensor, torch.Tensor], gold: torch.Tensor, mask: torch.Tensor) -> None:
        """Take in log probabilities of the gold pieces and the likeliest pieces `[B, L]`, and the gold pieces."""
        logs, best = predicted
        found = (-logs[mask].double().sum(), (best == gold)[mask].sum(), mask.sum())
        self._sums = [one + float(more) for one, more in zip(self._sums, found, strict=True)]

    def statistics(self) -> torch.Tensor:
        """Negative log likelihood, right pieces, all pieces; `[3]` float64."""
        import torch

        return torch.tensor(self._sums, dtype=torch.float64)

    def compute(self, statistics: torch.Tensor | None = None) -> dict[str, float]:
        """The metrics, from own or summed statistics."""
        loss, right, pieces = (self.statistics() if statistics is None else statistics).tolist()
        if not pieces:
            return {"perplexity": math.exp(_WORST), "piece_accuracy": 0.0}
        return {"perplexity": math.exp(min(loss / pieces, _WORST)), "piece_accuracy": right / pieces}
