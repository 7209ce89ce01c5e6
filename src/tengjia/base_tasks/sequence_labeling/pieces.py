"""Pieces of many texts as flat arrays: the units they form, and the rows they are cut in."""

from __future__ import annotations

import itertools

import numpy

from tengjia.base_tasks.sequence_labeling.encoded import piece_ranges


def units_of(
    words: numpy.ndarray | None, starts: numpy.ndarray, ends: numpy.ndarray, counts: numpy.ndarray
) -> tuple[numpy.ndarray, numpy.ndarray, numpy.ndarray, numpy.ndarray]:
    """First piece of each unit (through all texts), its first character, the character after its last piece, and how
    many units each text has."""
    if words is None:
        return numpy.arange(len(starts)), starts, ends, counts
    begins = numpy.flatnonzero(words)
    limits = numpy.cumsum(counts)
    texts = numpy.searchsorted(limits, begins, side="right")
    units = numpy.bincount(texts, minlength=len(counts)).astype(numpy.int64)
    next_begins = numpy.append(begins[1:], len(starts))
    after = numpy.minimum(next_begins, limits[texts]) if len(begins) else begins
    return begins, starts[begins], ends[after - 1] if len(begins) else ends[:0], units


def side_by_side(
    pieces: numpy.ndarray, counts: numpy.ndarray, begins: numpy.ndarray, fixed: numpy.ndarray, room: int
) -> tuple[numpy.ndarray, numpy.ndarray, numpy.ndarray, list[int]]:
    """Cut the texts that are too long.

    Returns:
        Pieces and units of each row, the text of each row, and the units at which texts were cut.
    """
    new_pieces: list[int] = []
    new_counts: list[int] = []
    texts: list[int] = []
    borders: list[int] = []
    piece = unit = 0
    for text, (size, count) in enumerate(zip(pieces.tolist(), counts.tolist())):
        ranges = [(0, size)]
        own = begins[unit : unit + count] - piece
        if size > room:
            ranges = piece_ranges(own[~fixed[unit : unit + count]], size, room, 0)
        edges = numpy.searchsorted(own, [*(begin for begin, _ in ranges), size]).tolist()
        edges[0] = 0
        new_pieces += [end - begin for begin, end in ranges]
        new_counts += [after - first for first, after in itertools.pairwise(edges)]
        texts += [text] * len(ranges)
        borders += [unit + edge for edge in edges[1:-1]]
        piece, unit = piece + size, unit + count
    return (
        numpy.array(new_pieces, dtype=numpy.int64),
        numpy.array(new_counts, dtype=numpy.int64),
        numpy.array(texts, dtype=numpy.int32),
        borders,
    )
