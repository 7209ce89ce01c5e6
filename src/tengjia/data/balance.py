"""Rows drawn so that rare classes are seen more often."""

from __future__ import annotations

import numpy


def balanced_rows(classes: numpy.ndarray, balance: float, generator: numpy.random.Generator) -> numpy.ndarray:
    """As many rows as there are, each class as often as `balance` says; within a class all alike.

    A class of n rows gets a share proportional to `n ** (1 - balance)` (Arivazhagan et al. 2019, with 1 / temperature
    for 1 - balance). Systematic drawing (Madow 1949): a row comes up as often as is due to it, rounded up or down.

    Args:
        classes: `[rows]` int: the class of each row; rows with a negative one are a class of their own.
        balance: 0: as the rows are; 1: every class equally often.
        generator: Chooses.

    Returns:
        `[rows]` numbers of rows; some stand there several times, others not at all.
    """
    rows = len(classes)
    _, group, sizes = numpy.unique(classes, return_inverse=True, return_counts=True)
    shares = sizes ** (1.0 - balance)
    due = rows * shares / shares.sum() / sizes
    order = generator.permutation(rows)
    ends = numpy.cumsum(due[group][order])
    places = numpy.searchsorted(ends, generator.random() + numpy.arange(rows), side="right")
    # The last sum may fall short of the number of rows by a rounding error.
    drawn: numpy.ndarray = order[numpy.minimum(places, rows - 1)]
    return drawn
