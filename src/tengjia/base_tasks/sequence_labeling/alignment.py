"""Character spans as spans of units, and as tags: all texts of a chunk at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import NamedTuple

import numpy

from tengjia.data.labels import SCHEMES, LabelSet

UNSEEN = -1
"""Type code of a span whose type is not among the labels."""


class Spans(NamedTuple):
    """The marked spans of many texts, text after text, each text's sorted and without overlap."""

    counts: numpy.ndarray
    """`[texts]` int: how many spans each text has."""

    starts: numpy.ndarray
    """`[spans]` int: first character, counted from the beginning of its own text."""

    ends: numpy.ndarray
    """`[spans]` int: character after the last."""

    types: numpy.ndarray
    """`[spans]` int: index into `LabelSet.types`, `UNSEEN` for a type that is not there."""


@dataclass
class Alignment:
    """How well the marked spans fit the units of the tokenizer."""

    spans: int = 0
    """Marked spans."""
    widened: int = 0
    """Spans that begin or end inside a unit; the label covers the whole unit."""
    lost: int = 0
    """Spans that touch no unit (blanks only), and so have no label."""
    collided: int = 0
    """Spans left out because, once widened, they meet the one before."""
    unseen: int = 0
    """Spans of a type that the labels do not know."""
    cut: int = 0
    """Spans longer than a window, labelled in parts."""

    def add(self, other: Mapping[str, int]) -> None:
        """Add the counts of another part of the corpus."""
        for item in fields(self):
            setattr(self, item.name, getattr(self, item.name) + int(other.get(item.name, 0)))


class UnitSpans(NamedTuple):
    """Spans in units, counted through all texts; sorted, without overlap."""

    first: numpy.ndarray
    after: numpy.ndarray
    types: numpy.ndarray


def flat_spans(spans: Sequence[Iterable[tuple[int, int, str]]], labels: LabelSet) -> Spans:
    """The spans of many texts as flat arrays."""
    codes = {name: number for number, name in enumerate(labels.types)}
    per_text = [sorted(group) for group in spans]
    flat = [(start, end, codes.get(name, UNSEEN)) for group in per_text for start, end, name in group]
    table = numpy.array(flat, dtype=numpy.int64).reshape(-1, 3)
    counts = numpy.array([len(group) for group in per_text], dtype=numpy.int64)
    return Spans(counts, table[:, 0], table[:, 1], table[:, 2])


def align(
    spans: Spans, starts: numpy.ndarray, ends: numpy.ndarray, counts: numpy.ndarray, lengths: numpy.ndarray
) -> tuple[UnitSpans, Alignment]:
    """Find the units that each span touches.

    Args:
        spans: The marked spans.
        starts: `[U]` first character of each unit in its own text.
        ends: `[U]` character after the last.
        counts: `[texts]` how many units each text has.
        lengths: `[texts]` characters of each text.

    Returns:
        The spans in units, and how well they fit.
    """
    told = Alignment(spans=len(spans.starts), unseen=int((spans.types == UNSEEN).sum()))
    # One long line of characters, a gap after each text, so that all texts are searched at once.
    bases = numpy.concatenate([[0], numpy.cumsum(lengths[:-1] + 1)]) if len(lengths) else numpy.zeros(0, int)
    unit_base, span_base = numpy.repeat(bases, counts), numpy.repeat(bases, spans.counts)
    line_starts, line_ends = starts + unit_base, ends + unit_base
    span_starts, span_ends = spans.starts + span_base, spans.ends + span_base
    first = numpy.searchsorted(line_ends, span_starts, side="right")
    after = numpy.searchsorted(line_starts, span_ends, side="left")
    touching = after > first
    told.lost = int((~touching & (spans.types != UNSEEN)).sum())
    kept = touching & (spans.types != UNSEEN)
    first, after, types = first[kept], after[kept], spans.types[kept]
    exact = (line_starts[first] == span_starts[kept]) & (line_ends[after - 1] == span_ends[kept])
    told.widened = int((~exact).sum())
    free = _without_collisions(first, after)
    told.collided = int((~free).sum())
    return UnitSpans(first[free], after[free], types[free]), told


def _without_collisions(first: numpy.ndarray, after: numpy.ndarray) -> numpy.ndarray:
    free = numpy.ones(len(first), dtype=bool)
    if (first[1:] < after[:-1]).any():
        reached = 0
        for i, (begin, end) in enumerate(zip(first.tolist(), after.tolist())):
            free[i] = begin >= reached
            reached = end if free[i] else reached
    return free


def inside(spans: UnitSpans, total: int) -> numpy.ndarray:
    """`[total]` bool: the units before which a text must not be cut, because a span goes on there."""
    change = numpy.zeros(total + 1, dtype=numpy.int64)
    numpy.add.at(change, spans.first + 1, 1)
    numpy.add.at(change, spans.after, -1)
    going_on: numpy.ndarray = numpy.cumsum(change)[:total] > 0
    return going_on


def split_at(spans: UnitSpans, borders: Sequence[int]) -> tuple[UnitSpans, int]:
    """Cut spans in parts at the given units (each part is a span of its own).

    Returns:
        The parts, and how many spans had to be cut.
    """
    first, after, types, cut = [], [], [], 0
    places = numpy.asarray(sorted(borders), dtype=numpy.int64)
    for begin, end, kind in zip(spans.first.tolist(), spans.after.tolist(), spans.types.tolist()):
        low, high = numpy.searchsorted(places, [begin, end - 1], side="right").tolist()
        edges = [begin, *places[low:high].tolist(), end]
        cut += len(edges) > 2
        first += edges[:-1]
        after += edges[1:]
        types += [kind] * (len(edges) - 1)
    return UnitSpans(*(numpy.array(values, dtype=numpy.int64) for values in (first, after, types))), cut


def tags(spans: UnitSpans, total: int, labels: LabelSet) -> numpy.ndarray:
    """Tag ids `[total]` int16 of the units."""
    result = numpy.zeros(total, dtype=numpy.int16)
    if not len(spans.first):
        return result
    begin, middle, last, single = (
        numpy.array([labels.ids[f"{letter}-{name}"] for name in labels.types], dtype=numpy.int16)
        for letter in SCHEMES[labels.scheme]
    )
    lengths = spans.after - spans.first
    steps = numpy.arange(lengths.sum()) - numpy.repeat(numpy.cumsum(lengths) - lengths, lengths)
    result[numpy.repeat(spans.first, lengths) + steps] = numpy.repeat(middle[spans.types], lengths)
    result[spans.after - 1] = last[spans.types]
    result[spans.first] = begin[spans.types]
    alone = lengths == 1
    result[spans.first[alone]] = single[spans.types[alone]]
    return result
