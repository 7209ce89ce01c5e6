"""Slots, intents, and texts in which all is right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy

from tengjia.metrics.scores import micro, ratio, score
from tengjia.metrics.span_counts import count_tags
from tengjia.registry import evaluators

if TYPE_CHECKING:
    import torch

    from tengjia.data.joint_labels import JointLabels


@evaluators.register("joint_intent_slot")
class JointIntentSlot:
    """F1 of slots (start, end and type right), accuracy of intents, and the share of texts where both are wholly right.

    Statistics are counts, so their sum over batches and ranks gives the exact figures of the whole. The measures are
    those of Goo et al. 2018; `joint_score` is the mean of the first two, by which a model can be chosen.
    """

    measures = "joint"

    @dataclass(frozen=True)
    class Config:
        """Options of `JointIntentSlot`."""

        repair: Literal["strict", "begun", "lenient"] = "strict"
        """Which rows of tags are slots: whole ones (`strict`, as seqeval's strict mode), those that begin rightly
        (`begun`), or all (`lenient`, as seqeval's default and conlleval)."""

        per_type: bool = True
        """Whether each type of slot gets figures of its own (`slot_f1/NAME`, ...)."""

        per_class: bool = True
        """Whether each intent gets its recall (`intent_recall/NAME`)."""

    metrics: ClassVar[dict[str, str]] = {
        "sentence_accuracy": "max",
        "slot_f1": "max",
        "slot_precision": "max",
        "slot_recall": "max",
        "intent_accuracy": "max",
        "intent_recall": "max",
        "joint_score": "max",
    }
    metrics_by_name: ClassVar[dict[str, str]] = {
        "slot_f1": "per_type",
        "slot_precision": "per_type",
        "slot_recall": "per_type",
        "intent_recall": "per_class",
    }
    """Metrics that are also given of each type or intent -> the parameter that switches it."""

    def __init__(self, config: Config, *, labels: JointLabels) -> None:
        self.config = config
        self.tags, self.classes = labels.tags, labels.classes
        self.reset()

    def reset(self) -> None:
        """Forget everything."""
        self._slots = numpy.zeros((len(self.tags.types), 3), numpy.int64)
        # Right and all of each intent; the last row is for intents that nobody learnt.
        self._intents = numpy.zeros((len(self.classes) + 1, 2), numpy.int64)
        self._sentences = 0

    def update(
        self,
        predicted: tuple[torch.Tensor, torch.Tensor],
        gold: tuple[torch.Tensor, torch.Tensor],
        mask: tuple[torch.Tensor, torch.Tensor],
    ) -> None:
        """Take in a batch.

        Args:
            predicted: Tag ids `[B, T]`, class ids `[B]`.
            gold: Likewise; a class that is not known is below 0.
            mask: Where a unit is `[B, T]`, which texts count `[B]`.
        """
        units, texts = mask
        lengths = units.sum(dim=1).cpu().numpy()
        found, true = predicted[0][units].cpu().numpy(), gold[0][units].cpu().numpy()
        self._slots += count_tags(self.tags, found, true, lengths, self.config.repair)
        same = (predicted[1] == gold[1]) & texts
        places = gold[1][texts]  # -1 is the last row
        for place, right in zip(places.tolist(), same[texts].tolist()):
            self._intents[place] += (right, 1)
        whole = ((predicted[0] == gold[0]) | ~units).all(dim=1)
        self._sentences += int((whole & same).sum())

    def statistics(self) -> torch.Tensor:
        """Matched, predicted and gold slots of each type; right and all of each intent; texts wholly right: float64."""
        import torch

        parts = (self._slots.ravel(), self._intents.ravel(), numpy.array([self._sentences]))
        return torch.from_numpy(numpy.concatenate(parts).astype(numpy.float64))

    def compute(self, statistics: torch.Tensor | None = None) -> dict[str, float]:
        """The metrics, from own or summed statistics."""
        values = (self.statistics() if statistics is None else statistics).cpu().numpy()
        border = 3 * len(self.tags.types)
        slots, intents = values[:border].reshape(-1, 3), values[border:-1].reshape(-1, 2)
        overall, recalls = micro(slots), ratio(intents[:, 0], intents[:, 1])
        right, texts = intents.sum(axis=0)
        accuracy = float(ratio(right, texts))
        result = {
            "sentence_accuracy": float(ratio(values[-1], texts)),
            "slot_f1": float(overall.f1),
            "slot_precision": float(overall.precision),
            "slot_recall": float(overall.recall),
            "intent_accuracy": accuracy,
            "intent_recall": float(ratio(recalls.sum(), (intents[:, 1] > 0).sum())),
            "joint_score": (float(overall.f1) + accuracy) / 2,
        }
        if self.config.per_type:
            each = score(slots)
            for number, name in enumerate(self.tags.types):
                for measure, found in zip(("f1", "precision", "recall"), (each.f1, each.precision, each.recall)):
                    result[f"slot_{measure}/{name}"] = float(found[number])
        if self.config.per_class:
            result |= {f"intent_recall/{name}": float(recalls[row]) for row, name in enumerate(self.classes.names)}
        return result
