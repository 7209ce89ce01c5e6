"""Area under the ROC curve of each class against all others: `evaluator=roc_auc`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from tengjia.metrics import areas
from tengjia.metrics.class_areas import ClassAreas
from tengjia.registry import evaluators

if TYPE_CHECKING:
    import numpy


@evaluators.register("roc_auc")
class ROCAUC(ClassAreas):
    """How often a text of a class is scored above one that is not of it, at any threshold (Hanley and McNeil 1982)."""

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

    def each(self, scores: numpy.ndarray, gold: numpy.ndarray) -> numpy.ndarray:
        """The area of each class `[C]`, NaN where it cannot be measured."""
        return areas.roc_auc(scores, gold)
