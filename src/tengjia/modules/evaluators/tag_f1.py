"""Precision, recall and F1 of the tags of single units: `evaluator=tag_f1`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Protocol

import numpy

from tengjia.metrics.scores import GOLD, MATCHED, macro, micro, ratio, score, weighted
from tengjia.registry import evaluators

if TYPE_CHECKING:
    import torch


class _Labels(Protocol):
    @property
    def tags(self) -> tuple[str, ...]: ...


@evaluators.register("tag_f1")
class TagF1:
    """F1 of each tag, and its means: over tags (`tag_f1`), over units, and weighted by frequency.

    Statistics are counts of each tag, so their sum over batches and ranks gives the exact figures of the whole.
    """

    @dataclass(frozen=True)
    class Config:
        """Options of `TagF1`."""

        ignored: tuple[str, ...] = ()
        """Tags left out of the means (`O`, say); accuracy counts them all the same."""

        per_class: bool = True
        """Whether each tag gets figures of its own (`tag_f1/NAME`, ...)."""

    metrics: ClassVar[dict[str, str]] = {
        "tag_f1": "max",
        "tag_f1_micro": "max",
        "tag_f1_weighted": "max",
        "tag_precision": "max",
        "tag_recall": "max",
        "tag_accuracy": "max",
    }
    metrics_by_name: ClassVar[dict[str, str]] = {
        "tag_f1": "per_class",
        "tag_precision": "per_class",
        "tag_recall": "per_class",
    }
    """Metrics that are also given of each tag (`tag_f1/NAME`) -> the parameter that switches it."""

    def __init__(self, config: Config, *, labels: _Labels) -> None:
        self.config = config
        self.names = tuple(labels.tags)
        self._kept = [number for number, name in enumerate(self.names) if name not in config.ignored]
        self.reset()

    def reset(self) -> None:
        """Forget everything."""
        self._counts = numpy.zeros((len(self.names), 3), numpy.int64)

    def update(self, predicted: torch.Tensor, gold: torch.Tensor, mask: torch.Tensor) -> None:
        """Take in tag ids of a batch; `mask`, of the same shape, says which count."""
        found, true = predicted[mask].cpu().numpy(), gold[mask].cpu().numpy()
        for column, ids in enumerate((found[found == true], found, true)):  # matched, predicted, gold
            self._counts[:, column] += numpy.bincount(ids, minlength=len(self.names))

    def statistics(self) -> torch.Tensor:
        """Matched, predicted and gold units of each tag, `[3C]` float64."""
        import torch

        return torch.from_numpy(self._counts.astype(numpy.float64).ravel())

    def compute(self, statistics: torch.Tensor | None = None) -> dict[str, float]:
        """The metrics, from own or summed statistics."""
        every = self._counts if statistics is None else statistics.cpu().numpy().reshape(-1, 3)
        counts = every[self._kept]
        mean = macro(counts)
        result = {
            "tag_f1": float(mean.f1),
            "tag_f1_micro": float(micro(counts).f1),
            "tag_f1_weighted": float(weighted(counts).f1),
            "tag_precision": float(mean.precision),
            "tag_recall": float(mean.recall),
            "tag_accuracy": float(ratio(every[:, MATCHED].sum(), every[:, GOLD].sum())),
        }
        if self.config.per_class:
            each = score(every)
            for number in self._kept:
                for name, values in zip(("f1", "precision", "recall"), (each.f1, each.precision, each.recall)):
                    result[f"tag_{name}/{self.names[number]}"] = float(values[number])
        return result
