"""Whether two texts mean the same, yes or no: `evaluator=pair_f1`."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from tengjia.data.scale import Scale
from tengjia.metrics.score_rows import ScoreRows, told
from tengjia.metrics.thresholds import Thresholds
from tengjia.registry import evaluators

if TYPE_CHECKING:
    import torch

logger = logging.getLogger(__name__)


@evaluators.register("pair_f1")
class PairF1:
    """Accuracy and F1 of yes, each at its best threshold, and what needs no threshold: ROC-AUC, average precision.

    The best thresholds are those of the part that is measured; `stage=test` uses the one of the development part.

    Args:
        config: Its parameters.
        labels: The scale.
    """

    metrics: ClassVar[dict[str, str]] = {
        "pair_f1": "max",
        "pair_accuracy": "max",
        "pair_roc_auc": "max",
        "pair_average_precision": "max",
    }
    measures = "scores"
    gathered = True

    @dataclass(frozen=True)
    class Config:
        """Parameters of `pair_f1`."""

        relevant: float | None = None
        """From this score on, on the scale of the data, a pair counts as yes; null: from its middle on."""

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
        every = Thresholds(predicted, gold >= self.scale.relevant(self.config.relevant))
        figures = {
            "pair_f1": every.f1().value,
            "pair_accuracy": every.accuracy().value,
            "pair_roc_auc": every.roc_auc(),
            "pair_average_precision": every.average_precision(),
        }
        return told(figures, logger)
