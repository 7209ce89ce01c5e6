"""What the answers to a test part are worth: scores with intervals, and where the errors are."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, Final

import numpy

from tengjia.base_tasks.sequence_labeling.entities import Entity
from tengjia.config import Settings
from tengjia.data.example import Example
from tengjia.metrics import span_errors
from tengjia.metrics.resampling import Difference, Interval, compare, resampled
from tengjia.metrics.scores import GOLD, MATCHED, PREDICTED, Scores, macro, micro, score, weighted
from tengjia.metrics.span_counts import count_spans
from tengjia.reports.head import ReportHead
from tengjia.reports.words import word

logger = logging.getLogger(__name__)

MEASURES: Final = ("precision", "recall", "f1")


@dataclass(frozen=True)
class Row:
    """One line of the table: a type, or all types together."""

    name: str
    precision: Interval
    recall: Interval
    f1: Interval
    gold: int
    predicted: int
    matched: int


@dataclass(frozen=True)
class Outcome:
    """Examples with the answers of one pipeline.

    Args:
        examples: The texts with their gold spans.
        answers: The entities that were found in each.
        types: The types of the model; further types of the gold spans are added.
        known: Surfaces of the training part with their types; `None` when there is none.
        seed: Governs the draws for the intervals.
        samples: How many draws.
        level: Share of the draws within an interval.
    """

    examples: Sequence[Example]
    answers: Sequence[Sequence[Entity]]
    types: tuple[str, ...]
    known: Mapping[str, Collection[str]] | None = None
    seed: int = 0
    samples: int = 1000
    level: float = 0.95

    measure: ClassVar[str] = "f1"
    """By what outcomes are compared."""

    @cached_property
    def gold(self) -> list[list[tuple[int, int, str]]]:
        """Gold spans of each text."""
        return [[(span.start, span.end, span.type) for span in example.spans] for example in self.examples]

    @cached_property
    def found(self) -> list[list[tuple[int, int, str]]]:
        """Found spans of each text, without those that are no part of the answer."""
        return [[entity.span for entity in answer if entity.counts] for answer in self.answers]

    @cached_property
    def all_types(self) -> tuple[str, ...]:
        """The types of the model, then those that occur in the gold spans only."""
        others = {name for spans in self.gold for _, _, name in spans} - set(self.types)
        return (*self.types, *sorted(others))

    @cached_property
    def counts(self) -> numpy.ndarray:
        """Counts `[texts, C, 3]` of each text."""
        return count_spans(self.found, self.gold, self.all_types)

    @cached_property
    def rows(self) -> list[Row]:
        """A line for each type, and the last for all."""
        total = self.counts.sum(axis=0)
        drawn = resampled(self.counts, seed=self.seed, samples=self.samples) if len(self.counts) else total[None]
        occurs = (drawn[..., PREDICTED] + drawn[..., GOLD]) > 0
        each = _intervals(score(total), score(drawn), occurs, self.level)
        overall = _intervals(micro(total), micro(drawn), occurs.any(axis=-1), self.level)
        lines = [*zip(self.all_types, each, total.tolist()), ("", overall[0], total.sum(axis=0).tolist())]
        return [
            Row(name, *triple, gold=numbers[GOLD], predicted=numbers[PREDICTED], matched=numbers[MATCHED])
            for name, triple, numbers in lines
        ]

    @property
    def overall(self) -> Row:
        """The line for all types together."""
        return self.rows[-1]

    @cached_property
    def right_texts(self) -> float:
        """Share of the texts whose entities are all right."""
        exact = [set(found) == set(gold) for found, gold in zip(self.found, self.gold)]
        return sum(exact) / len(exact) if exact else 0.0

    @cached_property
    def confusion(self) -> numpy.ndarray:
        """Which type was taken for which, `[C + 1, C + 1]`; the last row and column stand for nothing."""
        return span_errors.confusion(self.found, self.gold, self.all_types)

    @cached_property
    def kinds(self) -> dict[str, dict[str, int]]:
        """How many gold and found spans are right, or wrong in which way."""
        return span_errors.error_kinds(self.found, self.gold)

    @cached_property
    def by_length(self) -> dict[str, numpy.ndarray]:
        """Counts `[3]` by the number of characters of an entity."""
        return span_errors.counts_by_length(self.found, self.gold)

    @cached_property
    def by_novelty(self) -> dict[str, numpy.ndarray]:
        """Counts `[3]` by whether the surface stood in the training part; empty when that is not known."""
        if self.known is None:
            return {}
        texts = [example.text for example in self.examples]
        return span_errors.counts_by_novelty(self.found, self.gold, texts, self.known)

    @cached_property
    def by_status(self) -> dict[str, tuple[int, int]]:
        """Status or reason -> how many entities were given so, and how many of them are right."""
        given: Counter[str] = Counter()
        right: Counter[str] = Counter()
        for answer, gold in zip(self.answers, self.gold):
            true = set(gold)
            for entity in answer:
                name = entity.reason or entity.status
                given[name] += 1
                right[name] += entity.span in true
        order = ("confirmed", "low_score", "broken_tags", "passed_over")
        return {name: (given[name], right[name]) for name in order if given[name]}

    def worst(self, count: int) -> list[int]:
        """Numbers of the texts with most errors, those with fewer right ones first among equals."""
        wrong = self.counts[:, :, PREDICTED].sum(-1) + self.counts[:, :, GOLD].sum(-1)
        matched = self.counts[:, :, MATCHED].sum(-1)
        wrong = wrong - 2 * matched
        order = sorted(range(len(wrong)), key=lambda number: (-wrong[number], matched[number], number))
        return [number for number in order[:count] if wrong[number]]

    def flat(self) -> dict[str, float]:
        """Everything that is measured under flat names; scores are fractions."""
        result: dict[str, float] = {}
        for row in [self.overall, *self.rows[:-1]]:
            suffix = f"/{row.name}" if row.name else ""
            for measure in ("f1", "precision", "recall"):
                interval: Interval = getattr(row, measure)
                result[f"entity_{measure}{suffix}"] = interval.value
                result[f"entity_{measure}_low{suffix}"] = interval.low
                result[f"entity_{measure}_high{suffix}"] = interval.high
            result[f"gold{suffix}"], result[f"predicted{suffix}"] = row.gold, row.predicted
        total = self.counts.sum(axis=0)
        result["entity_f1_macro"] = float(macro(total).f1)
        result["entity_f1_weighted"] = float(weighted(total).f1)
        for name, counts in self.by_novelty.items():
            result[f"entity_recall_{name}"] = float(score(counts).recall)
        result["right_texts"] = self.right_texts
        result["texts"] = len(self.examples)
        return result

    def difference(self, other: Outcome, *, samples: int) -> Difference:
        """How far this one is ahead of another that was asked about the same texts, by F1."""
        types = tuple(dict.fromkeys((*self.all_types, *other.all_types)))
        ours, theirs = (count_spans(outcome.found, outcome.gold, types) for outcome in (self, other))
        return compare(ours, theirs, seed=self.seed, samples=samples, level=self.level)

    def terminal_table(self) -> str:
        """Precision, recall and F1 of each type with the interval of F1, for a terminal."""
        from tengjia.base_tasks.sequence_labeling import error_report

        return error_report.terminal_table(self)

    def write_report(self, file: Path, head: ReportHead) -> Path:
        """Write the error report (`error_report.write_report`)."""
        from tengjia.base_tasks.sequence_labeling import error_report

        return error_report.write_report(file, self, head)


def make_outcome(
    examples: Sequence[Example],
    answers: Sequence[Sequence[Entity]],
    pipeline: Any,
    *,
    training: Sequence[Example] | None,
    seed: int,
    samples: int,
    level: float,
) -> Outcome:
    """Join examples and answers (`stages.base_task.MakeOutcome`)."""
    known = None
    if training is not None:
        known = span_errors.known_surfaces([one.text for one in training], [one.spans for one in training])
    return Outcome(examples, answers, pipeline.labels, known, seed=seed, samples=samples, level=level)


def read_as_evaluated(config: Settings, pipeline: Any) -> None:
    """Let a pipeline read broken rows of tags as the evaluator of the test does, and say so where that is new."""
    repair = (config.get("evaluator") or {}).get("repair", pipeline.options.repair)
    if repair != pipeline.options.repair:
        logger.warning(word("other_repair", found=repair, trained=pipeline.options.repair))
        pipeline.options = replace(pipeline.options, repair=repair)


def _intervals(
    value: Scores, drawn: Scores, occurs: numpy.ndarray, level: float
) -> list[tuple[Interval, Interval, Interval]]:
    """(precision, recall, f1) of each type, from the figures and those of every draw in which the type occurs."""
    shares = [(1 - level) / 2, (1 + level) / 2]
    parts = []
    for exact, sample in zip(value, drawn):
        figures, draws, there = (
            numpy.atleast_1d(exact),
            sample.reshape(len(sample), -1),
            occurs.reshape(len(sample), -1),
        )
        ends = [
            numpy.quantile(column[kept], shares) if kept.any() else (0.0, 0.0) for column, kept in zip(draws.T, there.T)
        ]
        parts.append([Interval(float(exact), float(low), float(high)) for exact, (low, high) in zip(figures, ends)])
    return list(zip(*parts))
