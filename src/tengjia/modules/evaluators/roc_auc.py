"""Area under the ROC curve of each class against all others: `evaluator=roc_auc`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from tengjia.metrics import areas
from tengjia.metrics.class_scores import ClassScores
from tengjia.registry import evaluators

if TYPE_CHECKING:
    import torch

    from tengjia.data.classes import Classes


@evaluators.register("roc_auc")
class ROCAUC:
    """How often a text of a class is scored above one that is not of it, at any threshold (Hanley and McNeil 1982).

    Its statistics are the probabilities themselves: they are laid end to end over batches and ranks.
    """

    measures = "classes"
    gathered = True

    @dataclass(frozen=True)
    class Config:
        """Options of `ROCAUC`."""

        per_class: bool = True
        """Whether each class gets a figure of its own (`roc_auc/NAME`)."""

    metrics: ClassVar[dict[str, str]] = {"roc_auc": "max"}
    metrics_by_name: ClassVar[dict[str, str]] = {"roc_auc": "per_class"}
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
        each = areas.roc_auc(scores, gold)
        result = {"roc_auc": areas.macro(each)}
        if self.config.per_class:
            measured = zip(self.labels.names, each.tolist())
            result.update({f"roc_auc/{name}": value for name, value in measured if value == value})
        return result
