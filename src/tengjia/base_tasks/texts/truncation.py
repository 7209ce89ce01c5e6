"""Which pieces of long texts go through a model that reads each text once."""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy

Truncation = Literal["head", "tail", "head_and_tail"]


class Kept(NamedTuple):
    """What is left of many texts."""

    pieces: numpy.ndarray
    """`[N]` bool: which of all pieces stay."""

    counts: numpy.ndarray
    """`[texts]` int64: how many stay of each text."""

    cut: int
    """How many texts were cut."""


def kept(counts: numpy.ndarray, room: int, truncation: Truncation = "head") -> Kept:
    """Choose the pieces of texts that are too long.

    Args:
        counts: `[texts]`: how many pieces each text has.
        room: At most so many stay.
        truncation: Which: the first, the last, or the first three quarters and the last quarter of the room.
    """
    left = numpy.minimum(counts, room)
    place = numpy.arange(int(counts.sum())) - numpy.repeat(numpy.cumsum(counts) - counts, counts)
    before_end = numpy.repeat(counts, counts) - place
    head = {"head": room, "tail": 0, "head_and_tail": room - room // 4}[truncation]
    stays = (place < head) | (before_end <= room - head)
    return Kept(stays | numpy.repeat(counts <= room, counts), left, int((counts > room).sum()))
