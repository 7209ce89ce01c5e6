"""Whether a probability means what it says: of answers given with 0.8, 80 of 100 should be right."""

from __future__ import annotations

from typing import NamedTuple

import numpy


class Bin(NamedTuple):
    """Answers of about the same confidence."""

    low: float
    """Least confidence (exclusive, but for the first bin)."""

    high: float
    """Greatest confidence."""

    answers: int
    """How many."""

    confidence: float
    """Their mean confidence."""

    right: float
    """The share of them that is right."""


def reliability(confidence: numpy.ndarray, right: numpy.ndarray, *, bins: int = 10) -> list[Bin]:
    """The answers in bins of equal width; those without answers are left out (DeGroot and Fienberg 1983).

    Args:
        confidence: `[N]` probability of each answer, 0 to 1.
        right: `[N]` bool.
        bins: How many.
    """
    edges = numpy.linspace(0.0, 1.0, bins + 1)
    place = numpy.clip(numpy.searchsorted(edges, confidence, side="left") - 1, 0, bins - 1)
    counts = numpy.bincount(place, minlength=bins)
    sums = numpy.bincount(place, weights=confidence, minlength=bins)
    hits = numpy.bincount(place, weights=right.astype(numpy.float64), minlength=bins)
    return [
        Bin(float(edges[i]), float(edges[i + 1]), int(n), float(sums[i] / n), float(hits[i] / n))
        for i, n in enumerate(counts.tolist())
        if n
    ]


def expected_calibration_error(bins: list[Bin]) -> float:
    """Mean distance of confidence and share of right answers, weighted by answers (Guo et al. 2017); 0 of nothing."""
    total = sum(one.answers for one in bins)
    return sum(one.answers * abs(one.confidence - one.right) for one in bins) / total if total else 0.0
