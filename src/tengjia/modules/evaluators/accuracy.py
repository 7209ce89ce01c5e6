"""Share of texts whose class is right: `evaluator=accuracy`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy

from tengjia.config.parameters import Limits
from tengjia.metrics.class_counts import chosen, one_hot
from tengjia.metrics.scores import ratio
from tengjia.registry import evaluators

if TYPE_CHECKING:
    import torch

    from tengjia.data.classes import Classes


@evaluators.register("accuracy")
class Accuracy:
    """Right texts of all texts; where a text may have several classes, those must be given and no other.

    Where one class has most texts, `classification_f1` tells more.
    """

    measures = "classes"

    limits: ClassVar[Limits] = {"threshold": (0.0, 1.0)}

    @dataclass(frozen=True)
    class Config:
        """Options of `Accuracy`."""

        threshold: float = 0.5
        """Probability from which a class is answered, where a text may have several."""

    metrics: ClassVar[dict[str, str]] = {"accuracy": "max"}

    def __init__(self, config: Config, *, labels: Classes) -> None:
        self.config, self.labels = config, labels
        self.reset()

    def reset(self) -> None:
        """Forget everything."""
        self._right = self._texts = 0

    def update(self, predicted: torch.Tensor, gold: torch.Tensor, mask: torch.Tensor) -> None:
        """Take in probabilities `[B, C]` and gold (`[B]` ids, or `[B, C]` of 0 and 1) where `mask` `[B]` is true."""
        found, true = predicted[mask].float().cpu().numpy(), gold[mask].cpu().numpy()
        answered = chosen(found, multiple=self.labels.multiple, threshold=self.config.threshold)
        rows = true > 0.5 if true.ndim > 1 else one_hot(true, len(self.labels))
        known = numpy.ones(len(true), bool) if true.ndim > 1 else true >= 0
        self._right += int(((answered == rows).all(axis=1) & known).sum())
        self._texts += len(true)

    def statistics(self) -> torch.Tensor:
        """Right texts and all texts, `[2]` float64."""
        import torch

        return torch.tensor([self._right, self._texts], dtype=torch.float64)

    def compute(self, statistics: torch.Tensor | None = None) -> dict[str, float]:
        """The metric, from own or summed statistics."""
        right, texts = (self.statistics() if statistics is None else statistics).cpu().numpy()
        return {"accuracy": float(ratio(right, texts))}
