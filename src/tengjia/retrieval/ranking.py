"""The best of many scores, and one ranking out of several."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy

CONSTANT: Final = 60
"""Of reciprocal rank fusion: how little the very first places stand out (Cormack et al. 2009)."""


def best(scores: numpy.ndarray, count: int) -> numpy.ndarray:
    """Numbers of the highest of scores `[N]`, the highest first; of equal ones the lower number first.

    Args:
        scores: The scores.
        count: How many at most.

    Returns:
        int64, at most `count`.
    """
    count = min(count, len(scores))
    if count <= 0:
        return numpy.zeros(0, numpy.int64)
    least = numpy.partition(scores, len(scores) - count)[len(scores) - count]
    above = numpy.flatnonzero(scores > least)
    equal = numpy.flatnonzero(scores == least)[: count - len(above)]
    chosen = numpy.concatenate([above, equal])
    ordered: numpy.ndarray = chosen[numpy.lexsort((chosen, -scores[chosen]))]
    return ordered


def reciprocal_rank(rankings: Sequence[Sequence[int]], constant: int = CONSTANT) -> dict[int, float]:
    """Reciprocal rank fusion: each ranking gives `1 / (constant + place)` to what it names, places counted from 1.

    Source: Cormack, Clarke and Buettcher 2009, "Reciprocal Rank Fusion Outperforms Condorcet and Individual Rank
    Learning Methods".

    Returns:
        Number -> sum, the highest first; of equal ones the lower number first.
    """
    sums: dict[int, float] = {}
    for ranking in rankings:
        for place, number in enumerate(ranking, start=1):
            sums[int(number)] = sums.get(int(number), 0.0) + 1.0 / (constant + place)
    return dict(sorted(sums.items(), key=lambda item: (-item[1], item[0])))
