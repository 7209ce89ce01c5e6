"""Strict precision, recall and F1 of spans (entities, slots), over all and for each type."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy

from tengjia.metrics.scores import macro, micro, score, weighted
from tengjia.metrics.span_counts import count_tags
from tengjia.registry import evaluators

if TYPE_CHECKING:
    import torch

    from tengjia.data.labels import LabelSet


@evaluators.register("entity_f1")
class EntityF1:
    """A span is right when start, end and type are right (Tjong Kim Sang and De Meulder 2003).

    Statistics are counts of each type, so their sum over batches and ranks gives the exact figures of the whole.
    """

    @dataclass(frozen=True)
    class Config:
        """Options of `EntityF1`."""

        repair: Literal["strict", "begun", "lenient"] = "lenient"
        """Which rows of tags are spans: whole ones (`strict`, as seqeval's strict mode), those that begin rightly
        (`begun`), or all (`lenient`, as seqeval's default and conlleval)."""

        per_type: bool = True
        """Whether each type gets figures of its own (`entity_f1/NAME`, ...)."""

    metrics: ClassVar[dict[str, str]] = {
        "entity_f1": "max",
        "entity_precision": "max",
        "entity_recall": "max",
        "entity_f1_macro": "max",
        "entity_f1_weighted": "max",
    }
    metrics_by_name: ClassVar[dict[str, str]] = {
        "entity_f1": "per_type",
        "entity_precision": "per_type",
        "entity_recall": "per_type",
    }
    """Metrics that are also given of each type (`entity_f1/NAME`) -> the parameter that switches it."""

    def __init__(self, config: Config, *, labels: LabelSet) -> None:
        self.config = config
        self.labels = labels
        self.reset()

    def reset(self) -> None:
        """Forget everything."""
        self._counts = numpy.zeros((len(self.labels.types), 3), numpy.int64)

    def update(self, predicted: torch.Tensor, gold: torch.Tensor, mask: torch.Tensor) -> None:
        """Take in tag ids `[B, T]` of a batch; `mask` says where a unit is."""
        lengths = mask.sum(dim=1).cpu().numpy()
        found, true = predicted[mask].cpu().numpy(), gold[mask].cpu().numpy()
        self._counts += count_tags(self.labels, found, true, lengths, self.config.repair)

    def statistics(self) -> torch.Tensor:
        """Matched, predicted and gold spans of each type, `[3C]` float64."""
        import torch

        return torch.from_numpy(self._counts.astype(numpy.float64).ravel())

    def compute(self, statistics: torch.Tensor | None = None) -> dict[str, float]:
        """The metrics, from own or summed statistics."""
        counts = self._counts if statistics is None else statistics.cpu().numpy().reshape(-1, 3)
        overall = micro(counts)
        result = {
            "entity_f1": float(overall.f1),
            "entity_precision": float(overall.precision),
            "entity_recall": float(overall.recall),
            "entity_f1_macro": float(macro(counts).f1),
            "entity_f1_weighted": float(weighted(counts).f1),
        }
        if self.config.per_type:
            each = score(counts)
            for number, name in enumerate(self.labels.types):
                result[f"entity_f1/{name}"] = float(each.f1[number])
                result[f"entity_precision/{name}"] = float(each.precision[number])
                result[f"entity_recall/{name}"] = float(each.recall[number])
        return result
