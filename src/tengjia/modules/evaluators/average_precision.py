"""Mean precision over all recalls, of each class against all others: `evaluator=average_precision`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from tengjia.metrics import areas
from tengjia.metrics.class_scores import ClassScores
from tengjia.registry import evaluators

if TYPE_CHECKING:
    import torch

    from tengjia.data.classes import Classes


@evaluators.register("average_precision")
class AveragePrecision:
    """How pure the texts stay from the surest down: tells more than ROC-AUC where a class is rare.

    Its statistics are the probabilities themselves: they are laid end to end over batches and ranks.
    """

    measures = "classes"
    gathered = True

    @dataclass(frozen=True)
    class Config:
        """Options of `AveragePrecision`."""

        per_class: bool = True
        """Whether each class gets a figure of its own (`average_precision/NAME`)."""

    metrics: ClassVar[dict[str, str]] = {"average_precision": "max"}
    metrics_by_name: ClassVar[dict[str, str]] = {"average_precision": "per_class"}
    """Metrics that are also given of each class -> the parameter that switches it."""

    def __init__(self, config: Config, *, labels: Classes) -> None:
        self.config, self.labels = config, labels
        self.reset()

    def reset(self) -> None:
        """Forget everything."""
        self._scores = ClassScores(len(self.labels))

    def update(self, predicted: torch.Tensor, gold: torch.Tensor, mask: torch.Tensor) -> None:
        """Take in probabilities `[B, C]` and gold (`[B]` ids, or `[B, C]` of 0 and 1) where `mask` `[B]` is true."""
        self._scores.add(predicted[mask], gold[mask])

    def statistics(self) -> torch.Tensor:
        """Probabilities and right classes of each text, `[N, 2C]` float64."""
        return self._scores.rows()

    def compute(self, statistics: torch.Tensor | None = None) -> dict[str, float]:
        """The metrics, from own or gathered statistics; classes that cannot be measured are left out."""
        scores, gold = self._scores.parts(self.statistics() if statistics is None else statistics)
        each = areas.average_precision(scores, gold)
        result = {"average_precision": areas.macro(each)}
        if self.config.per_class:
            measured = zip(self.labels.names, each.tolist())
            result.update({f"average_precision/{name}": value for name, value in measured if value == value})
        return result
