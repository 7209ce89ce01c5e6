"""What evaluators have in common that give one figure a class from all probabilities: the area under a curve."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar

from tengjia.metrics import areas
from tengjia.metrics.class_scores import ClassScores

if TYPE_CHECKING:
    import numpy
    import torch

    from tengjia.data.classes import Classes


class ClassAreas(ABC):
    """Keeps all probabilities; its statistics are laid end to end over batches and ranks.

    A subclass has a class attribute `metrics` of one name, and says by `each` what that measures.

    Args:
        config: Its `per_class` says whether each class gets a figure of its own.
        labels: The classes.
    """

    metrics: ClassVar[dict[str, str]]

    def __init__(self, config: Any, *, labels: Classes) -> None:
        self.config, self.labels = config, labels
        self.reset()

    @abstractmethod
    def each(self, scores: numpy.ndarray, gold: numpy.ndarray) -> numpy.ndarray:
        """The figure of each class `[C]`, NaN where it cannot be measured, from scores and gold `[N, C]`."""

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
        [name] = self.metrics
        each = self.each(*self._scores.parts(self.statistics() if statistics is None else statistics))
        result = {name: areas.macro(each)}
        if self.config.per_class:
            measured = zip(self.labels.names, each.tolist())
            result.update({f"{name}/{label}": value for label, value in measured if value == value})
        return result
