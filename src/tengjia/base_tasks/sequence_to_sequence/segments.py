"""Where texts are cut that are too long to be read at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

_ENDS: Final = frozenset("。！？!?；;\n…")
_CLOSING: Final = frozenset("”’」』》）)\"'")
_CLAUSES: Final = frozenset("，,、：:")


def segments(
    text: str, starts: Sequence[int], ends: Sequence[int], room: int, *, every_sentence: bool = False
) -> list[tuple[int, int]]:
    """Cut a text in stretches of at most so many pieces.

    Each is as long as there is room, and ends after a sentence; where none ends, after a clause, a word, or a piece.

    Args:
        text: The text.
        starts: First character of each of its pieces.
        ends: Character after the last of each.
        room: Most pieces of a stretch.
        every_sentence: Whether each sentence is a stretch of its own.

    Returns:
        First character and the one after the last of each stretch; without gaps but for white space.
    """
    result = []
    first = 0
    while first < len(starts):
        after = min(first + room, len(starts))
        sentence = _first_sentence(text, ends, first, after) if every_sentence else None
        if sentence is not None:
            after = sentence
        elif after < len(starts):
            after = _best_cut(text, ends, first, after)
        result.append((starts[first], ends[after - 1]))
        first = after
    return result


def _first_sentence(text: str, ends: Sequence[int], first: int, after: int) -> int | None:
    return next((number for number in range(first + 1, after + 1) if _ends_sentence(text, ends[number - 1])), None)


def _best_cut(text: str, ends: Sequence[int], first: int, after: int) -> int:
    """The number of pieces after which to cut: the last good place of the best kind."""
    for good in (_ends_sentence, _ends_clause, _ends_word):
        for number in range(after, first, -1):
            if good(text, ends[number - 1]):
                return number
    return after


def _ends_sentence(text: str, place: int) -> bool:
    last = place - 1
    while last > 0 and text[last] in _CLOSING:
        last -= 1
    if text[last] == ".":  # not that of 3.5, nor of an abbreviation within a word
        return place >= len(text) or text[place].isspace()
    following = text[place : place + 1]
    return text[last] in _ENDS and following not in _CLOSING


def _ends_clause(text: str, place: int) -> bool:
    return text[place - 1] in _CLAUSES


def _ends_word(text: str, place: int) -> bool:
    return place >= len(text) or text[place].isspace()
