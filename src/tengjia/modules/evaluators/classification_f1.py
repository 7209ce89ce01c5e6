"""Precision, recall, F1 and accuracy of the classes of whole texts: `evaluator=classification_f1`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy

from tengjia.config.parameters import Limits
from tengjia.metrics.class_counts import chosen, one_hot, summed_counts
from tengjia.metrics.scores import macro, micro, ratio, score, weighted
from tengjia.registry import evaluators

if TYPE_CHECKING:
    import torch

    from tengjia.data.classes import Classes


@evaluators.register("classification_f1")
class ClassificationF1:
    """F1 of each class, and its means: over classes (`classification_f1`), over answers, and weighted by frequency.

    Statistics are counts of each class, so their sum over batches and ranks gives the exact figures of the whole.
    """

    measures = "classes"

    limits: ClassVar[Limits] = {"threshold": (0.0, 1.0)}

    @dataclass(frozen=True)
    class Config:
        """Options of `ClassificationF1`."""

        ignored: tuple[str, ...] = ()
        """Classes left out of the means (what is in no class, say); accuracy counts them all the same."""

        per_class: bool = True
        """Whether each class gets figures of its own (`classification_f1/NAME`, ...)."""

        threshold: float = 0.5
        """Probability from which a class is answered, where a text may have several."""

    metrics: ClassVar[dict[str, str]] = {
        "accuracy": "max",
        "classification_f1": "max",
        "classification_f1_micro": "max",
        "classification_f1_weighted": "max",
        "classification_precision": "max",
        "classification_recall": "max",
    }
    metrics_by_name: ClassVar[dict[str, str]] = {
        "classification_f1": "per_class",
        "classification_precision": "per_class",
        "classification_recall": "per_class",
    }
    """Metrics that are also given of each class (`classification_f1/NAME`) -> the parameter that switches it."""

    def __init__(self, config: Config, *, labels: Classes) -> None:
        self.config, self.labels = config, labels
        self._kept = [number for number, name in enumerate(labels.names) if name not in config.ignored]
        self.reset()

    def reset(self) -> None:
        """Forget everything."""
        self._counts = numpy.zeros((len(self.labels), 3), numpy.int64)
        self._texts = numpy.zeros(2, numpy.int64)

    def update(self, predicted: torch.Tensor, gold: torch.Tensor, mask: torch.Tensor) -> None:
        """Take in probabilities `[B, C]` and gold (`[B]` ids, or `[B, C]` of 0 and 1) where `mask` `[B]` is true."""
        found, true = predicted[mask].float().cpu().numpy(), gold[mask].cpu().numpy()
        answered = chosen(found, multiple=self.labels.multiple, threshold=self.config.threshold)
        rows = true > 0.5 if true.ndim > 1 else one_hot(true, len(self.labels))
        # A text whose only class is not known (a negative id) cannot be right, though its row is empty.
        unknown = numpy.zeros(len(true), bool) if true.ndim > 1 else true < 0
        self._counts += summed_counts(answered, rows)
        self._texts += ((answered == rows).all(axis=1) & ~unknown).sum(), len(true)

    def statistics(self) -> torch.Tensor:
        """Matched, answered and right texts of each class, then right texts and all texts, `[3C + 2]` float64."""
        import torch

        return torch.from_numpy(numpy.concatenate([self._counts.ravel(), self._texts]).astype(numpy.float64))

    def compute(self, statistics: torch.Tensor | None = None) -> dict[str, float]:
        """The metrics, from own or summed statistics."""
        values = (self.statistics() if statistics is None else statistics).cpu().numpy()
        every, (right, texts) = values[:-2].reshape(-1, 3), values[-2:]
        counts = every[self._kept]
        mean = macro(counts)
        result = {
            "accuracy": float(ratio(right, texts)),
            "classification_f1": float(mean.f1),
            "classification_f1_micro": float(micro(counts).f1),
            "classification_f1_weighted": float(weighted(counts).f1),
            "classification_precision": float(mean.precision),
            "classification_recall": float(mean.recall),
        }
        if self.config.per_class:
            each = score(every)
            for number in self._kept:
                for name, figures in zip(("f1", "precision", "recall"), (each.f1, each.precision, each.recall)):
                    result[f"classification_{name}/{self.labels.names[number]}"] = float(figures[number])
        return result
