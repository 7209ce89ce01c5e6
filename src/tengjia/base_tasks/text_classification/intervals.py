"""Scores of classes, and the range in which they would lie on other texts of the same kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy

from tengjia.metrics.class_counts import counts as counts_of
from tengjia.metrics.resampling import Interval
from tengjia.metrics.scores import GOLD, MATCHED, PREDICTED, macro, micro, ratio, score, weighted
from tengjia.utilities.randomness import generator_for

MEASURES: Final = ("f1", "precision", "recall")


@dataclass(frozen=True)
class Row:
    """One line of the table: a class."""

    name: str
    precision: float
    recall: float
    f1: Interval
    gold: int
    predicted: int
    matched: int


@dataclass(frozen=True)
class Intervals:
    """Percentile bootstrap over texts (Efron and Tibshirani 1993, chapter 13).

    Texts with the same right and given classes are alike, so whole draws are draws from a multinomial distribution.

    Args:
        found: `[texts, C]` bool: the given classes.
        gold: `[texts, C]` bool: the right ones.
        seed: Governs the draws.
        samples: How many draws.
        level: Share of the draws within an interval.
    """

    found: numpy.ndarray
    gold: numpy.ndarray
    seed: int
    samples: int
    level: float

    @cached_property
    def _kinds(self) -> tuple[numpy.ndarray, numpy.ndarray, numpy.ndarray]:
        """Counts `[kinds, C, 3]` of texts that are alike, whether they are right `[kinds]`, and draws
        `[samples + 1, kinds]`: how many texts of each kind, first as they are."""
        both = numpy.packbits(numpy.concatenate([self.found, self.gold], axis=1), axis=1)
        _, first, times = numpy.unique(both, axis=0, return_index=True, return_counts=True)
        found, gold = self.found[first], self.gold[first]
        draws = times[None].astype(numpy.float64)
        if len(self.gold):
            drawn = generator_for(self.seed, "bootstrap").multinomial(len(self.gold), times / times.sum(), self.samples)
            draws = numpy.concatenate([draws, drawn])
        return counts_of(found, gold), (found == gold).all(axis=1), draws

    @cached_property
    def _counts(self) -> numpy.ndarray:
        """`[samples + 1, C, 3]`: counts of each draw, first of the texts as they are."""
        counts, _, draws = self._kinds
        summed: numpy.ndarray = numpy.tensordot(draws, counts.astype(numpy.float64), axes=1)
        return summed

    @property
    def total(self) -> numpy.ndarray:
        """Counts `[C, 3]` of the texts as they are."""
        first: numpy.ndarray = self._counts[0]
        return first

    def interval(self, values: numpy.ndarray) -> Interval:
        """The interval of a figure `[samples + 1]` of each draw."""
        shares = [(1 - self.level) / 2, (1 + self.level) / 2]
        low, high = numpy.quantile(values[1:], shares) if len(values) > 1 else (values[0], values[0])
        return Interval(float(values[0]), float(low), float(high))

    @cached_property
    def overall(self) -> dict[str, Interval]:
        """The figures over all classes."""
        _, right, draws = self._kinds
        counts, mean = self._counts, macro(self._counts)
        values = {
            "accuracy": ratio(draws @ right, draws.sum(axis=1)),
            "classification_f1": mean.f1,
            "classification_f1_micro": micro(counts).f1,
            "classification_f1_weighted": weighted(counts).f1,
            "classification_precision": mean.precision,
            "classification_recall": mean.recall,
        }
        return {name: self.interval(numpy.atleast_1d(one)) for name, one in values.items()}

    def rows(self, names: Sequence[str]) -> list[Row]:
        """A line for each class."""
        each = score(self._counts)
        return [
            Row(
                name,
                float(each.precision[0, number]),
                float(each.recall[0, number]),
                self.interval(each.f1[:, number]),
                *(int(self.total[number, column]) for column in (GOLD, PREDICTED, MATCHED)),
            )
            for number, name in enumerate(names)
        ]

    def flat(self, names: Sequence[str]) -> dict[str, float]:
        """Everything under flat names."""
        result: dict[str, float] = {}
        for name, interval in self.overall.items():
            result |= {name: interval.value, f"{name}_low": interval.low, f"{name}_high": interval.high}
        for row in self.rows(names):
            result[f"classification_f1/{row.name}"] = row.f1.value
            result[f"classification_precision/{row.name}"] = row.precision
            result[f"classification_recall/{row.name}"] = row.recall
            result[f"gold/{row.name}"], result[f"predicted/{row.name}"] = float(row.gold), float(row.predicted)
        return result
