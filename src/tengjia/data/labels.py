"""Spans as one tag a unit, and back: BIO, BIOES, BMES and BILUO.

A *unit* is what gets one tag: a character, a word, or the first piece of a word. Sources: Ramshaw and Marcus 1995
(BIO), Ratinov and Roth 2009 (BILOU).

Tags that a model wrote need not form whole spans. A *chunk* is a longest row of tags of one type in which each tag but
the first is an inner or last one that follows a first or inner one. The *repair* says which chunks are spans:

- `strict`: chunks that begin with a first or only tag and, in schemes that mark the end, end with a last or only tag.
  Equal to seqeval's `mode="strict"` with IOB2, IOBES and BILOU.
- `begun`: chunks that begin with a first or only tag, whatever their end. For `bio` the same as `strict`.
- `lenient`: all chunks. Equal to seqeval's default mode, and for `bio` to the `conlleval` script of CoNLL-2003.

So `O I-X I-X O` is one span to `lenient` and none to the others; `B-X I-X O` in `bioes` is none to `strict` only. In
tags that the scheme permits, all repairs find the same spans.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

if TYPE_CHECKING:
    import numpy

OUTSIDE: Final = "O"

# Of each scheme the letters for: first unit, inner unit, last unit, only unit of a span.
SCHEMES: Final[dict[str, tuple[str, str, str, str]]] = {
    "bio": ("B", "I", "I", "B"),
    "bioes": ("B", "I", "E", "S"),
    "bmes": ("B", "M", "E", "S"),
    "biluo": ("B", "I", "L", "U"),
}

Repair = Literal["strict", "begun", "lenient"]
"""Which rows of tags count as spans; see above."""

# What a tag does in its span.
_OUTSIDE, _FIRST, _INNER, _LAST, _ONLY = range(5)


class UnitSpans(NamedTuple):
    """The spans of many sequences, in their order: N spans in all."""

    sequence: numpy.ndarray
    """`[N]` int64: which sequence."""

    start: numpy.ndarray
    """`[N]` int64: first unit."""

    end: numpy.ndarray
    """`[N]` int64: unit after the last."""

    type: numpy.ndarray
    """`[N]` int64: position of the type in `LabelSet.types`."""


@dataclass(frozen=True)
class LabelSet:
    """The tags of a task, in the order of their ids: `O` first, then the tags of each type."""

    scheme: str
    types: tuple[str, ...]

    @cached_property
    def tags(self) -> tuple[str, ...]:
        """All tags; the position is the id. For `bio` and type X: `B-X`, `I-X`."""
        letters = tuple(dict.fromkeys(SCHEMES[self.scheme]))
        return (OUTSIDE, *(f"{letter}-{name}" for name in self.types for letter in letters))

    @cached_property
    def ids(self) -> dict[str, int]:
        """Tag to id."""
        return {tag: number for number, tag in enumerate(self.tags)}

    def __len__(self) -> int:
        return len(self.tags)

    def encode(self, spans: Iterable[tuple[int, int, str]], length: int) -> numpy.ndarray:
        """Tag ids (int16) of `length` units, given spans `(first unit, end unit, type)`.

        Raises:
            ValueError: A span is empty, reaches over an end, or overlaps another.
        """
        import numpy

        begin, inside, last, single = SCHEMES[self.scheme]
        result = numpy.zeros(length, dtype=numpy.int16)
        for start, end, name in spans:
            if not 0 <= start < end <= length or result[start:end].any():
                raise ValueError(f"span {start}-{end} does not fit")
            if end - start == 1:
                result[start] = self.ids[f"{single}-{name}"]
                continue
            result[start] = self.ids[f"{begin}-{name}"]
            result[start + 1 : end - 1] = self.ids[f"{inside}-{name}"]
            result[end - 1] = self.ids[f"{last}-{name}"]
        return result

    def decode(self, ids: numpy.ndarray, mask: numpy.ndarray | None = None, repair: Repair = "lenient") -> UnitSpans:
        """The spans of tag ids, for a whole batch at once.

        Args:
            ids: `[B, T]` tag ids, or `[T]` of one sequence; any integer type.
            mask: Of the same shape: where a unit is. Units behind a gap follow the unit before it.
            repair: `strict`, `begun` or `lenient`, as the head of this file tells.

        Returns:
            The spans by sequence and position; positions count the units that `mask` lets through.

        Raises:
            IndexError: An id is not one of `tags`.
        """
        import numpy

        ids = numpy.atleast_2d(ids)
        if mask is None:
            flat, lengths = ids.ravel(), numpy.full(ids.shape[0], ids.shape[1], numpy.int64)
        else:
            mask = numpy.atleast_2d(mask).astype(bool, copy=False)
            flat, lengths = ids[mask], mask.sum(axis=1, dtype=numpy.int64)
        start, end, kind = self.decode_joined(flat, lengths, repair)
        offset = numpy.cumsum(lengths) - lengths
        sequence = numpy.searchsorted(numpy.cumsum(lengths), start, side="right")
        return UnitSpans(sequence, start - offset[sequence], end - offset[sequence], kind)

    def decode_joined(
        self, ids: numpy.ndarray, lengths: numpy.ndarray, repair: Repair = "lenient"
    ) -> tuple[numpy.ndarray, numpy.ndarray, numpy.ndarray]:
        """The spans of sequences laid end to end.

        Args:
            ids: `[N]` tag ids of all sequences.
            lengths: `[B]` units of each sequence, with sum N.
            repair: As in `decode`.

        Returns:
            First unit, unit after the last (counted from the beginning of `ids`), and position of the type, all int64.
        """
        import numpy

        roles, types = self._roles
        if len(ids) and (int(ids.min()) < 0 or int(ids.max()) >= len(self)):
            raise IndexError(f"tag ids must be 0 to {len(self) - 1}")
        role, kind = roles[ids], types[ids]
        goes_on = numpy.zeros(len(ids) + 1, bool)
        goes_on[1:-1] = ((role[1:] == _INNER) | (role[1:] == _LAST)) & (kind[1:] == kind[:-1])
        goes_on[1:-1] &= (role[:-1] == _FIRST) | (role[:-1] == _INNER)
        goes_on[numpy.cumsum(lengths)] = False
        inside = role != _OUTSIDE
        start = numpy.flatnonzero(inside & ~goes_on[:-1])
        end = numpy.flatnonzero(inside & ~goes_on[1:])
        if repair != "lenient":
            whole = (role[start] == _FIRST) | (role[start] == _ONLY)
            if repair == "strict" and self.marks_end:
                whole &= (role[end] == _LAST) | (role[end] == _ONLY)
            start, end = start[whole], end[whole]
        return start, end + 1, kind[start].astype(numpy.int64)

    @property
    def marks_end(self) -> bool:
        """Whether the last unit of a span has a tag of its own."""
        _, inside, last, _ = SCHEMES[self.scheme]
        return inside != last

    @cached_property
    def _roles(self) -> tuple[numpy.ndarray, numpy.ndarray]:
        """Of each tag id: what it does in its span, and the position of its type (-1 for `O`)."""
        import numpy

        begin, inside, last, single = SCHEMES[self.scheme]
        meaning = {single: _ONLY, last: _LAST, inside: _INNER, begin: _FIRST, OUTSIDE: _OUTSIDE}
        letters = [tag.partition("-")[0] for tag in self.tags]
        types = [self.types.index(tag.partition("-")[2]) if tag != OUTSIDE else -1 for tag in self.tags]
        return numpy.array([meaning[x] for x in letters], numpy.int8), numpy.array(types, numpy.int32)

    @cached_property
    def allowed(self) -> tuple[numpy.ndarray, numpy.ndarray, numpy.ndarray]:
        """What the scheme permits, as booleans: at the start `[C]`, from tag to tag `[C, C]`, at the end `[C]`."""
        import numpy

        begin, inside, last, single = SCHEMES[self.scheme]
        opening, open_after = {begin, single}, {begin, inside} if last != inside else set[str]()
        count = len(self)
        start, end = numpy.ones(count, bool), numpy.ones(count, bool)
        steps = numpy.zeros((count, count), bool)
        parts = [(tag[:1], tag[2:]) for tag in self.tags]
        for i, (letter, name) in enumerate(parts):
            start[i] = letter == OUTSIDE or letter in opening
            end[i] = letter not in open_after
            for j, (following, other) in enumerate(parts):
                continues = following not in opening and following != OUTSIDE
                if continues:
                    steps[i, j] = name == other and letter in {begin, inside} and letter != OUTSIDE
                else:
                    steps[i, j] = letter not in open_after
        return start, steps, end


def types_of(tags: Iterable[str]) -> tuple[str, ...]:
    """The sorted types that occur in tags such as `B-NAME`; a type may itself hold a `-`."""
    return tuple(sorted({tag.partition("-")[2] for tag in tags if tag != OUTSIDE}))


def units_of_spans(
    spans: Sequence[tuple[int, int, str]], starts: Sequence[int], ends: Sequence[int]
) -> list[tuple[int, int, str]]:
    """Character spans as unit spans: each covers the units that it touches; those that touch none are left out."""
    import bisect

    result = []
    for start, end, name in spans:
        first = bisect.bisect_right(ends, start)
        after = bisect.bisect_left(starts, end)
        if after > first:
            result.append((first, after, name))
    return result
