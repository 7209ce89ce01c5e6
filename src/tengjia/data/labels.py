"""Spans as one tag a unit, and back: BIO, BIOES, BMES and BILUO.

A *unit* is what gets one tag: a character, a word, or the first piece of a word. Sources: Ramshaw and Marcus 1995
(BIO), Ratinov and Roth 2009 (BILOU).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

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
        """Tag ids (int16) of `length` units, given spans `(first unit, end unit, type)` that do not overlap."""
        import numpy

        begin, inside, last, single = SCHEMES[self.scheme]
        result = numpy.zeros(length, dtype=numpy.int16)
        for start, end, name in spans:
            if end - start == 1:
                result[start] = self.ids[f"{single}-{name}"]
                continue
            result[start] = self.ids[f"{begin}-{name}"]
            result[start + 1 : end - 1] = self.ids[f"{inside}-{name}"]
            result[end - 1] = self.ids[f"{last}-{name}"]
        return result

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
