"""What the answers to a test part are worth: scores with intervals, and where the errors are."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy

from tengjia.base_tasks.text_classification.answers import Classification
from tengjia.base_tasks.text_classification.intervals import Intervals, Row
from tengjia.data.example import Example
from tengjia.metrics import areas
from tengjia.metrics.calibration import Bin, expected_calibration_error, reliability
from tengjia.metrics.class_counts import confusion, rows_of
from tengjia.metrics.class_counts import counts as counts_of
from tengjia.metrics.resampling import Difference, compare
from tengjia.metrics.scores import ratio
from tengjia.reports.head import ReportHead


@dataclass(frozen=True)
class Outcome:
    """Labelled texts with the answers of one pipeline.

    Args:
        examples: The texts.
        gold: The classes of each, as the model spells them.
        answers: What was answered.
        classes: The classes of the model; further ones of the texts are added.
        multiple: Whether a text may have several classes.
        outside: The class of texts that belong to no other, if there is one.
        known: Texts of the training part; `None` when there is none.
        unlabelled: How many further texts had no label and are left out.
        seed: Governs the draws for the intervals.
        samples: How many draws.
        level: Share of the draws within an interval.
    """

    examples: Sequence[Example]
    gold: Sequence[tuple[str, ...]]
    answers: Sequence[Classification]
    classes: tuple[str, ...]
    multiple: bool = False
    outside: str | None = None
    known: Collection[str] | None = None
    unlabelled: int = 0
    seed: int = 0
    samples: int = 1000
    level: float = 0.95

    @property
    def measure(self) -> str:
        """By what outcomes are compared."""
        return "micro_f1" if self.multiple else "accuracy"

    @cached_property
    def all_classes(self) -> tuple[str, ...]:
        """The classes of the model, then those that occur in the texts or answers only."""
        named = {name for names in (*self.gold, *(answer.classes for answer in self.answers)) for name in names}
        return (*self.classes, *sorted(named - set(self.classes)))

    @cached_property
    def gold_rows(self) -> numpy.ndarray:
        """`[texts, C]` bool: the right classes."""
        return rows_of(self.gold, self.all_classes)

    @cached_property
    def found_rows(self) -> numpy.ndarray:
        """`[texts, C]` bool: the given classes."""
        return rows_of([answer.classes for answer in self.answers], self.all_classes)

    @cached_property
    def right(self) -> numpy.ndarray:
        """`[texts]` bool: whether the given classes are the right ones and no other."""
        same: numpy.ndarray = (self.gold_rows == self.found_rows).all(axis=1)
        return same

    @cached_property
    def intervals(self) -> Intervals:
        """The scores and what they would be on other texts."""
        return Intervals(self.found_rows, self.gold_rows, seed=self.seed, samples=self.samples, level=self.level)

    @cached_property
    def rows(self) -> list[Row]:
        """A line of the table for each class."""
        return self.intervals.rows(self.all_classes)

    @cached_property
    def probabilities(self) -> numpy.ndarray:
        """`[texts, classes of the model]` float32."""
        found = [answer.probabilities for answer in self.answers]
        return numpy.stack(found) if found else numpy.zeros((0, len(self.classes)), numpy.float32)

    @cached_property
    def confidence(self) -> numpy.ndarray:
        """`[texts]`: how sure the model is of its most probable class."""
        greatest: numpy.ndarray = self.probabilities.max(axis=1, initial=0.0)
        return greatest

    @cached_property
    def bins(self) -> list[Bin]:
        """How often answers of each confidence are right; of several classes, every yes and no counts."""
        if not self.multiple:
            best = self.probabilities.argmax(axis=1)
            return reliability(self.confidence, self.gold_rows[numpy.arange(len(best)), best])
        return reliability(self.probabilities.ravel(), self.gold_rows[:, : len(self.classes)].ravel())

    @cached_property
    def unseen(self) -> numpy.ndarray | None:
        """`[texts]` bool: which texts do not stand in the training part; `None` when that is not known."""
        if self.known is None:
            return None
        return numpy.array([example.text not in self.known for example in self.examples], bool)

    @cached_property
    def confusion(self) -> numpy.ndarray:
        """Which class was taken for which, `[C + 1, C + 1]`; the last row and column stand for no class."""
        return confusion(_first(self.found_rows), _first(self.gold_rows), len(self.all_classes))

    def worst(self, count: int) -> list[int]:
        """Numbers of the wrong answers, those first of which the model was most sure."""
        wrong = numpy.flatnonzero(~self.right)
        return [int(number) for number in wrong[numpy.argsort(-self.surety[wrong], kind="stable")][:count]]

    @cached_property
    def surety(self) -> numpy.ndarray:
        """`[texts]`: how sure the model is of its answer as a whole; of several classes the product of all."""
        if not self.multiple:
            return self.confidence
        given = self.found_rows[:, : len(self.classes)]
        product: numpy.ndarray = numpy.where(given, self.probabilities, 1.0 - self.probabilities).prod(axis=1)
        return product

    def flat(self) -> dict[str, float]:
        """Everything that is measured under flat names; scores are fractions."""
        result = self.intervals.flat(self.all_classes)
        gold = self.gold_rows[:, : len(self.classes)]
        result["roc_auc"] = areas.macro(areas.roc_auc(self.probabilities, gold))
        result["average_precision"] = areas.macro(areas.average_precision(self.probabilities, gold))
        result["calibration_error"] = expected_calibration_error(self.bins)
        if (unseen := self.unseen) is not None:
            result["accuracy_unseen"] = float(ratio(self.right[unseen].sum(), unseen.sum()))
            result["texts_unseen"] = float(unseen.sum())
        if self.outside is not None:
            result |= self._outside(self.outside)
        result["texts"] = float(len(self.examples))
        result["unlabelled"] = float(self.unlabelled)
        return result

    def _outside(self, name: str) -> dict[str, float]:
        """How well texts that belong to no class are told from the others."""
        gold = numpy.array([name in names for names in self.gold], bool)
        found = numpy.array([name in answer.classes for answer in self.answers], bool)
        return {
            "accuracy_inside": float(ratio(self.right[~gold].sum(), (~gold).sum())),
            "outside_recall": float(ratio((gold & found).sum(), gold.sum())),
            "outside_precision": float(ratio((gold & found).sum(), found.sum())),
        }

    def difference(self, other: Outcome, *, samples: int) -> Difference:
        """How far this one is ahead of another that was asked about the same texts: by accuracy, or micro F1."""
        ours, theirs = (one.counts for one in (self, other))
        return compare(ours, theirs, seed=self.seed, samples=samples, level=self.level)

    @property
    def counts(self) -> numpy.ndarray:
        """Counts `[texts, 1, 3]` of each text, over all classes; where a text has one class their F1 is accuracy."""
        if self.multiple:
            summed: numpy.ndarray = counts_of(self.found_rows, self.gold_rows).sum(axis=1, keepdims=True)
            return summed
        every = numpy.ones(len(self.right), numpy.int64)
        return numpy.stack([self.right.astype(numpy.int64), every, every], axis=1)[:, None]

    def terminal_table(self) -> str:
        """Scores of each class with the interval of F1, for a terminal."""
        from tengjia.base_tasks.text_classification import error_report

        return error_report.terminal_table(self)

    def write_report(self, file: Path, head: ReportHead) -> Path:
        """Write the error report (`error_report.write_report`)."""
        from tengjia.base_tasks.text_classification import error_report

        return error_report.write_report(file, self, head)


def _first(rows: numpy.ndarray) -> numpy.ndarray:
    """The first class of each row; -1 for none."""
    found: numpy.ndarray = numpy.where(rows.any(axis=1), rows.argmax(axis=1) if rows.shape[1] else -1, -1)
    return found


def make_outcome(
    examples: Sequence[Example],
    answers: Sequence[Classification],
    pipeline: Any,
    *,
    training: Sequence[Example] | None,
    seed: int,
    samples: int,
    level: float,
) -> Outcome:
    """Join examples and answers (`stages.base_task.MakeOutcome`)."""
    encoding = pipeline.encoding
    pairs = [(one, answer) for one, answer in zip(examples, answers, strict=True) if one.label is not None]
    # Models of several folds need not have learnt the same classes.
    learnt = dict.fromkeys((pipeline.labels, *(one.names for one in answers)))
    classes = tuple(dict.fromkeys(name for names in learnt for name in names))
    return Outcome(
        [one for one, _ in pairs],
        [encoding.names.of(str(one.label)) for one, _ in pairs],
        [answer.among(classes) for _, answer in pairs],
        classes,
        encoding.labels.multiple,
        encoding.outside,
        None if training is None else {example.text for example in training},
        len(examples) - len(pairs),
        seed=seed,
        samples=samples,
        level=level,
    )
