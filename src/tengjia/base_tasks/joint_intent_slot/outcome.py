"""What the answers to a test part are worth: slots, intents, and both together, with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, Final

import numpy

from tengjia.base_tasks.joint_intent_slot.answers import Understanding
from tengjia.base_tasks.sequence_labeling.outcome import Outcome as SlotOutcome
from tengjia.base_tasks.sequence_labeling.outcome import make_outcome as make_slot_outcome
from tengjia.base_tasks.text_classification.intervals import Intervals, Row
from tengjia.data.example import Example
from tengjia.metrics.class_counts import confusion, rows_of
from tengjia.metrics.resampling import Difference, Interval, compare, intervals
from tengjia.metrics.scores import ratio, score
from tengjia.reports.head import ReportHead

NONE: Final = "—"
"""Stands for no intent."""

# Statistics of a text: matched, predicted and gold slots; whether its intent, and whether all of it is right; 1.
_INTENT, _WHOLE, _TEXTS = 3, 4, 5


def _slots(measure: str) -> Any:
    return lambda sums: getattr(score(sums[..., :3]), measure)


FIGURES: Final = {
    "slot_f1": _slots("f1"),
    "slot_precision": _slots("precision"),
    "slot_recall": _slots("recall"),
    "intent_accuracy": lambda sums: ratio(sums[..., _INTENT], sums[..., _TEXTS]),
    "sentence_accuracy": lambda sums: ratio(sums[..., _WHOLE], sums[..., _TEXTS]),
}
"""What is measured -> how it follows from the sum of the statistics."""


@dataclass(frozen=True)
class Outcome:
    """Texts with intents and slots, and the answers of one pipeline.

    Args:
        slots: The texts with their slots and those that were found.
        gold: The intent of each, as the model spells it.
        answers: What was answered.
        intents: The intents of the model; further ones of the texts are added.
        outside: The intent of texts that are no request, if there is one.
        least_score: The threshold of the answers.
        unlabelled: How many further texts had no intent and are left out.
    """

    slots: SlotOutcome
    gold: Sequence[str]
    answers: Sequence[Understanding]
    intents: tuple[str, ...]
    outside: str | None = None
    least_score: float = 0.0
    unlabelled: int = 0

    measure: ClassVar[str] = "sentence_accuracy"
    """By what outcomes are compared."""

    @property
    def level(self) -> float:
        """Share of the draws within an interval."""
        return self.slots.level

    @property
    def examples(self) -> Sequence[Example]:
        """The texts."""
        return self.slots.examples

    @cached_property
    def found(self) -> list[str]:
        """The intent that was given for each text; `NONE` for none."""
        return [answer.intent or NONE for answer in self.answers]

    @cached_property
    def all_intents(self) -> tuple[str, ...]:
        """The intents of the model, then those that occur in texts or answers only."""
        return (*self.intents, *sorted({*self.gold, *self.found} - set(self.intents)))

    @cached_property
    def intent_right(self) -> numpy.ndarray:
        """`[texts]` bool."""
        return numpy.array([found == gold for found, gold in zip(self.found, self.gold)], bool)

    @cached_property
    def slots_right(self) -> numpy.ndarray:
        """`[texts]` bool: whether all slots are right and no other was found."""
        pairs = zip(self.slots.found, self.slots.gold)
        return numpy.array([set(found) == set(gold) for found, gold in pairs], bool)

    @cached_property
    def statistics(self) -> numpy.ndarray:
        """`[texts, 6]`: see `FIGURES`."""
        whole = self.intent_right & self.slots_right
        columns = numpy.stack([self.intent_right, whole, numpy.ones(len(whole), bool)], axis=1)
        return numpy.concatenate([self.slots.counts.sum(axis=1), columns.astype(numpy.int64)], axis=1)

    @cached_property
    def overall(self) -> dict[str, Interval]:
        """The figures over all texts."""
        options: dict[str, Any] = {"samples": self.slots.samples, "level": self.level}
        return intervals(self.statistics, FIGURES, seed=self.slots.seed, **options)

    @cached_property
    def rows(self) -> list[Row]:
        """A line for each intent."""
        names = self.all_intents
        found, gold = (rows_of([(one,) for one in intents], names) for intents in (self.found, self.gold))
        options = {"samples": self.slots.samples, "level": self.level}
        return Intervals(found, gold, seed=self.slots.seed, **options).rows(names)  # type: ignore[arg-type]

    @cached_property
    def confusion(self) -> numpy.ndarray:
        """Which intent was taken for which, `[C + 1, C + 1]`."""
        numbers = {name: number for number, name in enumerate(self.all_intents)}
        found, gold = (numpy.array([numbers[one] for one in intents]) for intents in (self.found, self.gold))
        return confusion(found, gold, len(numbers))

    @cached_property
    def outside_measures(self) -> dict[str, float]:
        """How well texts that are no request are told from the others; nothing where there is no such intent."""
        if self.outside is None:
            return {}
        gold, found = (
            numpy.array([one == self.outside for one in intents], bool) for intents in (self.gold, self.found)
        )
        return {
            "intent_accuracy_inside": float(ratio(self.intent_right[~gold].sum(), (~gold).sum())),
            "outside_recall": float(ratio((gold & found).sum(), gold.sum())),
            "outside_precision": float(ratio((gold & found).sum(), found.sum())),
        }

    def worst(self, count: int) -> list[int]:
        """Numbers of the texts with most errors; a wrong intent counts as much as a wrong slot."""
        counts = self.statistics[:, :3]
        wrong = counts[:, 1] + counts[:, 2] - 2 * counts[:, 0] + ~self.intent_right
        order = numpy.argsort(-wrong, kind="stable")[:count]
        return [int(number) for number in order if wrong[number]]

    def flat(self) -> dict[str, float]:
        """Everything that is measured under flat names; scores are fractions."""
        result: dict[str, float] = {}
        for name, interval in self.overall.items():
            result |= {name: interval.value, f"{name}_low": interval.low, f"{name}_high": interval.high}
        for name, value in self.slots.flat().items():
            head, slash, kind = name.partition("/")
            if slash and head in ("entity_f1", "entity_precision", "entity_recall"):
                result[f"slot_{head.removeprefix('entity_')}/{kind}"] = value
        for row in self.rows:
            result[f"intent_f1/{row.name}"], result[f"intent_recall/{row.name}"] = row.f1.value, row.recall
        result |= self.outside_measures
        result |= {"texts": float(len(self.gold)), "unlabelled": float(self.unlabelled)}
        return {**result, "least_score": self.least_score}

    def difference(self, other: Outcome, *, samples: int) -> Difference:
        """How far this one is ahead of another that was asked about the same texts, by texts wholly right."""
        figure = FIGURES[self.measure]
        options: dict[str, Any] = {"seed": self.slots.seed, "samples": samples, "level": self.level}
        return compare(self.statistics, other.statistics, figure, **options)

    def terminal_table(self) -> str:
        """Scores of slots and intents, for a terminal."""
        from tengjia.base_tasks.joint_intent_slot import error_report

        return error_report.terminal_table(self)

    def write_report(self, file: Path, head: ReportHead) -> Path:
        """Write the error report (`error_report.write_report`)."""
        from tengjia.base_tasks.joint_intent_slot import error_report

        return error_report.write_report(file, self, head)


def make_outcome(
    examples: Sequence[Example],
    answers: Sequence[Understanding],
    pipeline: Any,
    *,
    training: Sequence[Example] | None,
    seed: int,
    samples: int,
    level: float,
) -> Outcome:
    """Join examples and answers (`stages.base_task.MakeOutcome`)."""
    pairs = [(one, answer) for one, answer in zip(examples, answers, strict=True) if one.label and one.label.strip()]
    kept, given = [one for one, _ in pairs], [answer for _, answer in pairs]
    encoding = pipeline.encoding
    tagged = _Tagged(encoding.slots.labels.types)
    options: dict[str, Any] = {"training": training, "seed": seed, "samples": samples, "level": level}
    return Outcome(
        make_slot_outcome(kept, [answer.slots for answer in given], tagged, **options),
        [encoding.names.of(str(one.label))[0] for one in kept],
        given,
        pipeline.labels,
        encoding.outside,
        pipeline.options.least_score,
        len(examples) - len(pairs),
    )


@dataclass(frozen=True)
class _Tagged:
    """What of a pipeline an outcome of slots asks for."""

    labels: tuple[str, ...]
