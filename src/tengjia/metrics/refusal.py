"""From which score on an answer is given, where some questions have none."""

from __future__ import annotations

from typing import NamedTuple

import numpy


class Threshold(NamedTuple):
    """A threshold, and what it is worth on the questions that it was chosen by."""

    value: float
    """Answers with this score or a higher one are given, the others are refused."""

    accuracy: float
    """Share of questions that are answered rightly or refused rightly."""


def best_threshold(
    scores: numpy.ndarray, right: numpy.ndarray, refuse: numpy.ndarray, *, worth_of_refusal: float = 1.0
) -> Threshold:
    """The threshold with which most questions are treated rightly.

    It lies in the middle between two scores, or at the nearer end of 0 to 1; of several that are as good, that with
    the widest gap around it, for there a new question is least likely to fall on the wrong side.

    Args:
        scores: `[N]` of the answers, 0 to 1.
        right: `[N]` bool: whether the answer is right, if it is given.
        refuse: `[N]` bool: whether no answer would be right.
        worth_of_refusal: How many right answers a right refusal is worth.
    """
    scores, right, refuse = numpy.asarray(scores, float), numpy.asarray(right, bool), numpy.asarray(refuse, bool)
    if not len(scores):
        return Threshold(0.5, 0.0)
    order = numpy.argsort(-scores, kind="stable")
    ranked = scores[order]
    given = numpy.concatenate([[0], numpy.cumsum(right[order] & ~refuse[order])])
    kept = numpy.concatenate([[0], numpy.cumsum(refuse[order])])
    refused = refuse.sum() - kept
    worth = given + worth_of_refusal * refused  # of giving the first 0, 1, ..., N
    borders = numpy.concatenate([[1.0], ranked, [0.0]])
    gaps = borders[:-1] - borders[1:]
    possible = numpy.concatenate([[True], ranked[1:] < ranked[:-1], [True]])  # equal scores share their fate
    best = numpy.flatnonzero(possible & (worth == worth[possible].max()))
    count = int(best[numpy.argmax(gaps[best])])
    ends = {0: max((1.0 + ranked[0]) / 2, numpy.nextafter(ranked[0], 2.0)), len(scores): ranked[-1] / 2}
    middle = ends[count] if count in ends else (ranked[count - 1] + ranked[count]) / 2
    return Threshold(float(middle), float((given + refused)[count] / len(scores)))
