"""Correlation and error of the scores of pairs: `evaluator=score_agreement`."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy

from tengjia.config.parameters import Limits
from tengjia.data.scale import Scale
from tengjia.metrics import agreement
from tengjia.metrics.score_rows import ScoreRows, told
from tengjia.registry import evaluators

if TYPE_CHECKING:
    import torch

logger = logging.getLogger(__name__)


@evaluators.register("score_agreement")
class ScoreAgreement:
    """Pearson, Spearman, RMSE, MAE and quadratically weighted kappa of scores, on the scale of the data.

    Correlations that do not exist, because all scores or all gold scores are one, are given as 0, and that is told.

    Args:
        config: Its parameters.
        labels: The scale.
    """

    metrics: ClassVar[dict[str, str]] = {
        "pearson": "max",
        "spearman": "max",
        "quadratic_kappa": "max",
        "rmse": "min",
        "mae": "min",
    }
    measures = "scores"
    gathered = True

    limits: ClassVar[Limits] = {"step": (0, None)}

    @dataclass(frozen=True)
    class Config:
        """Parameters of `score_agreement`."""

        step: float | None = None
        """Scores are rounded to its multiples for kappa; null: of 1 on a scale wider than 2, else of a tenth."""

    def __init__(self, config: Config, *, labels: Scale) -> None:
        self.config, self.scale = config, labels
        self._rows = ScoreRows()

    def reset(self) -> None:
        """Forget everything."""
        self._rows.clear()

    def update(self, predicted: torch.Tensor, gold: torch.Tensor, mask: torch.Tensor) -> None:
        """Take in scores `[B]` and gold scores `[B]`; groups `[B]` do not matter here."""
        self._rows.add(predicted, gold, mask)

    def statistics(self) -> torch.Tensor:
        """Score, gold score and group of each pair, `[N, 3]` float64."""
        return self._rows.table()

    def compute(self, statistics: torch.Tensor | None = None) -> dict[str, float]:
        """The metrics, from own or gathered rows."""
        predicted, gold, _ = self._rows.columns(statistics)
        given, true = self.scale.from_unit(predicted), self.scale.from_unit(gold)
        middle = predicted.mean() if len(predicted) else 0.0
        low, high = self.scale.low, self.scale.high
        step = self.config.step or agreement.usual_step(low, high)
        grades = [agreement.rounded(values, low, high, step) - low for values in (given, true)]
        exact = {
            "pearson": agreement.pearson(agreement.sums(predicted - middle, gold - middle).sum(axis=0)),
            "spearman": agreement.spearman(predicted, gold),
            "quadratic_kappa": agreement.quadratic_kappa(agreement.sums(*grades).sum(axis=0)),
            "rmse": numpy.sqrt(((given - true) ** 2).mean()) if len(true) else 0.0,
            "mae": agreement.mean_absolute_error(given, true),
        }
        return told({name: float(value) for name, value in exact.items()}, logger)
