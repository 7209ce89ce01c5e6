"""What went wrong with spans: which type was taken for which, which edge was missed, what was missed or made up.

All functions take, for each text, spans `(start, end, type)`, and give plain values for a report.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from enum import StrEnum
from typing import Final, NamedTuple

import numpy

from tengjia.metrics.scores import GOLD, MATCHED, PREDICTED
from tengjia.metrics.span_counts import TextSpan

NOTHING: Final = "O"
"""Row or column of a confusion for spans that the other side has not."""


class Kind(StrEnum):
    """What became of a span. A span has one kind only: the first of these that fits."""

    RIGHT = "right"
    """Start, end and type agree."""

    TYPE = "type"
    """Start and end agree, the type does not."""

    BOUNDARY = "boundary"
    """It overlaps a span of the same type."""

    BOTH = "boundary_and_type"
    """It overlaps a span of another type."""

    MISSED = "missed"
    """A gold span where nothing was found."""

    SPURIOUS = "spurious"
    """A found span where nothing is."""


class Judged(NamedTuple):
    """A span, what became of it, and the span of the other side that it was set against, if any."""

    span: TextSpan
    kind: Kind
    other: TextSpan | None


def judge(spans: Collection[TextSpan], others: Collection[TextSpan], alone: Kind) -> list[Judged]:
    """What became of the spans of one text.

    Args:
        spans: What is judged: gold spans (`alone=Kind.MISSED`) or found ones (`alone=Kind.SPURIOUS`).
        others: What they are set against; of several that overlap, the one that shares most characters, then the first.
        alone: The kind of a span that overlaps none.

    Returns:
        One judgement a span, by start.
    """
    places = {(start, end): (start, end, name) for start, end, name in others}
    exact = {(start, end, name) for start, end, name in others}
    ordered = sorted(exact)
    result = []
    for span in sorted({(start, end, name) for start, end, name in spans}):
        if span in exact:
            result.append(Judged(span, Kind.RIGHT, span))
        elif (same := places.get(span[:2])) is not None:
            result.append(Judged(span, Kind.TYPE, same))
        else:
            result.append(_overlapping(span, ordered, alone))
    return result


def _overlapping(span: TextSpan, others: Sequence[TextSpan], alone: Kind) -> Judged:
    start, end, name = span
    candidates = [other for other in others if other[0] < end and start < other[1]]
    if not candidates:
        return Judged(span, alone, None)
    alike = [other for other in candidates if other[2] == name]
    best = max(alike or candidates, key=lambda other: (min(end, other[1]) - max(start, other[0]), -other[0]))
    return Judged(span, Kind.BOUNDARY if alike else Kind.BOTH, best)


def error_kinds(
    predicted: Sequence[Collection[TextSpan]], gold: Sequence[Collection[TextSpan]]
) -> dict[str, dict[str, int]]:
    """How many spans of each kind there are: `{"gold": {kind: n}, "predicted": {kind: n}}`."""
    of_gold: Counter[str] = Counter()
    of_predicted: Counter[str] = Counter()
    for found, true in zip(predicted, gold, strict=True):
        of_gold.update(judged.kind.value for judged in judge(true, found, Kind.MISSED))
        of_predicted.update(judged.kind.value for judged in judge(found, true, Kind.SPURIOUS))
    return {
        "gold": {kind.value: of_gold[kind.value] for kind in Kind if kind is not Kind.SPURIOUS},
        "predicted": {kind.value: of_predicted[kind.value] for kind in Kind if kind is not Kind.MISSED},
    }


def confusion(
    predicted: Sequence[Collection[TextSpan]], gold: Sequence[Collection[TextSpan]], types: Sequence[str]
) -> numpy.ndarray:
    """Which type was taken for which, `[C + 1, C + 1]` int64: rows gold, columns predicted, the last for `NOTHING`.

    A gold span counts in the column of the found span with its very start and end, or in the last column; a found
    span whose start and end no gold span has counts in the last row. So rows sum up to the gold spans of a type and
    columns to the found ones, and the diagonal holds the right ones. Overlaps with other edges are `error_kinds`'.
    On either side a place has one span at most.
    """
    number = {name: position for position, name in enumerate(types)}
    nothing = len(types)
    table = numpy.zeros((nothing + 1, nothing + 1), numpy.int64)
    for found, true in zip(predicted, gold, strict=True):
        by_place = {(start, end): number[name] for start, end, name in found}
        for start, end, name in true:
            table[number[name], by_place.pop((start, end), nothing)] += 1
        for column in by_place.values():
            table[nothing, column] += 1
    return table


def counts_by(
    predicted: Sequence[Collection[TextSpan]],
    gold: Sequence[Collection[TextSpan]],
    group: Callable[[int, TextSpan], str],
    order: Sequence[str],
) -> dict[str, numpy.ndarray]:
    """Counts `[3]` of the spans of each group, in the given order.

    Args:
        predicted: Found spans of each text.
        gold: Gold spans of each text.
        group: Group of a span, given the number of its text; groups must not depend on which side the span is from.
        order: The groups.
    """
    counts = {name: numpy.zeros(3, numpy.int64) for name in order}
    for text, (found, true) in enumerate(zip(predicted, gold, strict=True)):
        found_set, true_set = ({(start, end, name) for start, end, name in side} for side in (found, true))
        for column, spans in ((MATCHED, found_set & true_set), (PREDICTED, found_set), (GOLD, true_set)):
            for span in spans:
                counts[group(text, span)][column] += 1
    return counts


def counts_by_length(
    predicted: Sequence[Collection[TextSpan]],
    gold: Sequence[Collection[TextSpan]],
    edges: Sequence[int] = (1, 2, 3, 4, 5, 7, 11, 21),
) -> dict[str, numpy.ndarray]:
    """Counts `[3]` of spans by how many characters they have; each group begins at an edge, the last is open."""
    last = [f"{low}" if high == low + 1 else f"{low}-{high - 1}" for low, high in itertools.pairwise(edges)]
    names = [*last, f"{edges[-1]}+"]

    def group(_: int, span: TextSpan) -> str:
        place = int(numpy.searchsorted(edges, span[1] - span[0], side="right")) - 1
        return names[max(place, 0)]

    return counts_by(predicted, gold, group, names)


def counts_by_novelty(
    predicted: Sequence[Collection[TextSpan]],
    gold: Sequence[Collection[TextSpan]],
    texts: Sequence[str],
    known: Mapping[str, Collection[str]],
) -> dict[str, numpy.ndarray]:
    """Counts `[3]` of spans whose surface stood in the training part, with the same type, with another, or not at all.

    Args:
        predicted: Found spans of each text.
        gold: Gold spans of each text.
        texts: The texts.
        known: Surface -> the types that it had in training (`known_surfaces`).
    """

    def group(text: int, span: TextSpan) -> str:
        types = known.get(texts[text][span[0] : span[1]])
        return "unseen" if types is None else "seen" if span[2] in types else "seen_as_other"

    return counts_by(predicted, gold, group, ("seen", "seen_as_other", "unseen"))


def known_surfaces(texts: Sequence[str], spans: Sequence[Collection[TextSpan]]) -> dict[str, set[str]]:
    """What was marked in texts: surface -> its types."""
    known: dict[str, set[str]] = {}
    for text, marked in zip(texts, spans, strict=True):
        for start, end, name in marked:
            known.setdefault(text[start:end], set()).add(name)
    return known
