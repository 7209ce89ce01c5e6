"""Yes or no by a threshold: what each gives, and the areas under the curves. Equal scores never come apart."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy

from tengjia.metrics.scores import ratio


class Best(NamedTuple):
    """A figure at the threshold that makes it greatest."""

    value: float
    """The figure."""

    threshold: float
    """Scores from this on count as yes; infinity: none does."""


@dataclass(frozen=True)
class Thresholds:
    """All thresholds that tell N pairs apart, K of them.

    Args:
        scores: `[N]`.
        gold: `[N]` bool: whether it is really so.
    """

    scores: numpy.ndarray
    gold: numpy.ndarray

    @cached_property
    def _steps(self) -> tuple[numpy.ndarray, numpy.ndarray, numpy.ndarray]:
        """`[K]` thresholds, the greatest first, and how many true and false ones are said yes to at each."""
        scores, gold = numpy.asarray(self.scores, numpy.float64), numpy.asarray(self.gold, bool)
        order = numpy.argsort(-scores, kind="stable")
        ordered = scores[order]
        ends = numpy.flatnonzero(numpy.r_[ordered[1:] != ordered[:-1], True]) if len(ordered) else order
        right = numpy.cumsum(gold[order])[ends] if len(ordered) else ends
        return ordered[ends], right, ends + 1 - right

    @property
    def positives(self) -> int:
        """How many are really so."""
        return int(numpy.count_nonzero(self.gold))

    @property
    def negatives(self) -> int:
        """How many are not."""
        return len(self.gold) - self.positives

    def f1(self) -> Best:
        """The greatest F1 of yes."""
        thresholds, right, wrong = self._steps
        return _best(thresholds, ratio(2.0 * right, right + wrong + self.positives), 0.0)

    def accuracy(self) -> Best:
        """The greatest share of right answers."""
        thresholds, right, wrong = self._steps
        count = max(len(self.gold), 1)
        return _best(thresholds, (right + self.negatives - wrong) / count, self.negatives / count)

    def accuracy_at(self, threshold: float) -> float:
        """Share of right answers at a given threshold."""
        says = numpy.asarray(self.scores) >= threshold
        return float((says == self.gold).mean()) if len(says) else 0.0

    def f1_at(self, threshold: float) -> float:
        """F1 of yes at a given threshold."""
        says = numpy.asarray(self.scores) >= threshold
        right, said = numpy.count_nonzero(says & self.gold), numpy.count_nonzero(says)
        return 2 * right / (said + self.positives) if said + self.positives else 0.0

    def roc_auc(self) -> float:
        """How often a true one has the greater score than a false one, ties half; NaN if there are not both."""
        _, right, wrong = self._steps
        if not self.positives or not self.negatives:
            return float("nan")
        ups, rights = numpy.r_[0, right], numpy.diff(numpy.r_[0, wrong])
        return float(((ups[:-1] + ups[1:]) / 2 * rights).sum() / (self.positives * self.negatives))

    def average_precision(self) -> float:
        """Mean of the precisions at each true one, equal scores taken together; NaN if there is none."""
        _, right, wrong = self._steps
        if not self.positives:
            return float("nan")
        gained = numpy.diff(numpy.r_[0, right]) / self.positives
        return float((gained * ratio(right, right + wrong)).sum())


def _best(thresholds: numpy.ndarray, figures: numpy.ndarray, without: float) -> Best:
    """The greatest figure, also against that of saying yes to none; the threshold lies halfway to the next score."""
    place = int(figures.argmax()) if len(figures) else 0
    if not len(figures) or figures[place] <= without:
        return Best(float(without), float("inf"))
    below = thresholds[place + 1] if place + 1 < len(thresholds) else thresholds[place]
    return Best(float(figures[place]), float((thresholds[place] + below) / 2))
