"""Which classes texts have and were given: as rows of yes and no, as counts, as a confusion."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy

from tengjia.metrics.scores import GOLD, MATCHED, PREDICTED


def chosen(probabilities: numpy.ndarray, *, multiple: bool, threshold: float = 0.5) -> numpy.ndarray:
    """What is answered, `[N, C]` bool: the most probable class, or each whose probability reaches the threshold.

    Args:
        probabilities: `[N, C]`.
        multiple: Whether a text may have several classes.
        threshold: For several classes.
    """
    if multiple:
        return numpy.asarray(probabilities >= threshold)
    return one_hot(
        probabilities.argmax(axis=1) if probabilities.shape[1] else numpy.zeros(0, int), probabilities.shape[1]
    )


def one_hot(ids: numpy.ndarray, classes: int) -> numpy.ndarray:
    """Rows `[N, C]` bool of class ids `[N]`; a negative id is a class that is not known, and so none of these."""
    result: numpy.ndarray = ids[:, None] == numpy.arange(classes)
    return result


def rows_of(texts: Sequence[Collection[str]], names: Sequence[str]) -> numpy.ndarray:
    """Rows `[N, C]` bool of the names of the classes of each text.

    Raises:
        KeyError: A text has a class that is not among `names`.
    """
    order: Mapping[str, int] = {name: number for number, name in enumerate(names)}
    rows = numpy.zeros((len(texts), len(names)), bool)
    for row, classes in zip(rows, texts, strict=True):
        row[[order[name] for name in classes]] = True
    return rows


def counts(predicted: numpy.ndarray, gold: numpy.ndarray) -> numpy.ndarray:
    """Counts `[..., C, 3]` (int64, `tengjia.metrics.scores`) of rows `[..., C]` bool, of each text by itself."""
    result = numpy.empty((*gold.shape, 3), numpy.int64)
    for column, rows in ((MATCHED, predicted & gold), (PREDICTED, predicted), (GOLD, gold)):
        result[..., column] = rows
    return result


def summed_counts(predicted: numpy.ndarray, gold: numpy.ndarray) -> numpy.ndarray:
    """Counts `[C, 3]` (int64) over all texts, of rows `[N, C]` bool."""
    columns = {MATCHED: predicted & gold, PREDICTED: predicted, GOLD: gold}
    return numpy.stack([columns[column].sum(axis=0) for column in sorted(columns)], axis=-1)


def confusion(predicted: numpy.ndarray, gold: numpy.ndarray, classes: int) -> numpy.ndarray:
    """How many texts of a class (row) were given which (column), `[C + 1, C + 1]` int64 of ids `[N]`.

    A negative id stands for no class (no answer, a class that is not known); it counts in the last row or column.
    """
    places = classes + 1
    rows, columns = (numpy.where(ids < 0, classes, ids) for ids in (gold, predicted))
    flat = numpy.bincount(rows * places + columns, minlength=places * places)
    return flat.reshape(places, places)
