"""Precision, recall and F1 from counts.

Counts are the sufficient statistics: `[..., C, 3]`, of each of C types how many spans were matched (true positives),
predicted, and gold. Sums of counts are the counts of the union, so sentences, batches and ranks are simply added.
Where nothing was predicted precision is 0, and recall is 0 where nothing is gold, as in seqeval with
`zero_division=0`. Source: van Rijsbergen 1979, "Information Retrieval", chapter 7.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy

MATCHED: Final = 0
PREDICTED: Final = 1
GOLD: Final = 2


class Scores(NamedTuple):
    """Fractions between 0 and 1, one for each type or system that was asked for."""

    precision: numpy.ndarray
    """Matched of predicted."""

    recall: numpy.ndarray
    """Matched of gold."""

    f1: numpy.ndarray
    """Harmonic mean of the two."""


def score(counts: numpy.ndarray) -> Scores:
    """Scores of counts `[..., 3]`, for each leading position."""
    matched, predicted, gold = (counts[..., i].astype(numpy.float64) for i in (MATCHED, PREDICTED, GOLD))
    return Scores(ratio(matched, predicted), ratio(matched, gold), ratio(2.0 * matched, predicted + gold))


def micro(counts: numpy.ndarray) -> Scores:
    """Scores over all spans of all types together, of counts `[..., C, 3]`."""
    return score(counts.sum(axis=-2))


def macro(counts: numpy.ndarray) -> Scores:
    """Plain means of the scores of the types that occur, in gold or predicted, of counts `[..., C, 3]`."""
    occurs = (counts[..., PREDICTED] + counts[..., GOLD]) > 0
    types = occurs.sum(axis=-1)
    return Scores(*(ratio(numpy.where(occurs, part, 0.0).sum(axis=-1), types) for part in score(counts)))


def weighted(counts: numpy.ndarray) -> Scores:
    """Means of the scores of the types, weighted by how many gold spans each has, of counts `[..., C, 3]`."""
    gold = counts[..., GOLD]
    return Scores(*(ratio((part * gold).sum(axis=-1), gold.sum(axis=-1)) for part in score(counts)))


def ratio(above: numpy.ndarray, below: numpy.ndarray) -> numpy.ndarray:
    """`above / below`, 0 where `below` is 0."""
    above, below = numpy.asarray(above, numpy.float64), numpy.asarray(below, numpy.float64)
    result: numpy.ndarray = numpy.divide(above, below, out=numpy.zeros_like(below), where=below != 0)
    return result
