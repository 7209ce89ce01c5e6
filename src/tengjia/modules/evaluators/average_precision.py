"""Mean precision over all recalls, of each class against all others: `evaluator=average_precision`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from tengjia.metrics import areas
from tengjia.metrics.class_areas import ClassAreas
from tengjia.registry import evaluators

if TYPE_CHECKING:
    import numpy


@evaluators.register("average_precision")
class AveragePrecision(ClassAreas):
    """How pure the texts stay from the surest down: tells more than ROC-AUC where a class is rare."""

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

    def each(self, scores: numpy.ndarray, gold: numpy.ndarray) -> numpy.ndarray:
        """The area of each class `[C]`, NaN where it cannot be measured."""
        return areas.average_precision(scores, gold)
