"""Question patterns: literal pieces, choices and slots, matched without backtracking.

    谁(是|担任){company}[的]{position}

`(a|b)` is one of several, `[a|b]` one of several or nothing, `{slot}` a name out of the dictionary. A backslash takes
a sign literally. There is nothing that repeats, so a match takes time in proportion to the text and the pattern,
whoever wrote them. Before, between and after the pieces may stand words that say nothing (`请问`, `一下`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from tengjia.graph.dictionary import Dictionary, Entry, normalised

LONGEST_PATTERN: Final = 400
DEEPEST: Final = 8
MOST_STATES: Final = 200
"""Readings of a question that are followed at once."""


class PatternError(ValueError):
    """A pattern that is none; `args[0]` says why."""


@dataclass(frozen=True)
class Literal:
    """Words that stand so."""

    words: str


@dataclass(frozen=True)
class Slot:
    """A name."""

    name: str


@dataclass(frozen=True)
class Choice:
    """One of several rows of pieces; with an empty one among them, perhaps nothing."""

    rows: tuple[tuple[Piece, ...], ...]


Piece = Literal | Slot | Choice


class State(NamedTuple):
    """How far a reading came, and what the slots stand for."""

    place: int
    slots: tuple[tuple[str, tuple[Entry, ...]], ...] = ()


@dataclass
class Pattern:
    """A compiled pattern."""

    text: str
    pieces: tuple[Piece, ...]
    slots: frozenset[str] = field(default_factory=frozenset)


def compile_pattern(text: str) -> Pattern:
    """Read a pattern.

    Raises:
        PatternError: It is too long, nested too deeply, or a bracket is open.
    """
    if len(text) > LONGEST_PATTERN:
        raise PatternError(f"{len(text)} > {LONGEST_PATTERN}")
    rows, place = _rows(text, 0, "", 0)
    if place != len(text):
        raise PatternError(f"`{text[place]}` ({place + 1})")
    if len(rows) > 1:
        raise PatternError("`|`")
    pattern = Pattern(text, rows[0], frozenset(_slots(rows[0])))
    if not pattern.pieces:
        raise PatternError("``")
    return pattern


def _slots(pieces: Sequence[Piece]) -> Iterable[str]:
    for piece in pieces:
        if isinstance(piece, Slot):
            yield piece.name
        elif isinstance(piece, Choice):
            for row in piece.rows:
                yield from _slots(row)


def _rows(text: str, place: int, closing: str, depth: int) -> tuple[tuple[tuple[Piece, ...], ...], int]:
    """Rows of pieces up to a closing bracket, and the place of that."""
    if depth > DEEPEST:
        raise PatternError(f"({DEEPEST})")
    rows: list[tuple[Piece, ...]] = []
    pieces: list[Piece] = []
    words = ""

    def literal() -> None:
        nonlocal words
        if kept := normalised(words):
            pieces.append(Literal(kept))
        words = ""

    while place < len(text) and text[place] != closing:
        sign = text[place]
        if sign in "([{":
            literal()
            piece, place = _group(text, place, depth)
            pieces.append(piece)
        elif sign in ")]}":
            raise PatternError(f"`{sign}` ({place + 1})")
        elif sign == "|":
            literal()
            rows.append(tuple(pieces))
            pieces = []
        else:
            place += sign == "\\" and place + 1 < len(text)
            words += text[place]
        place += 1
    literal()
    return (*rows, tuple(pieces)), place


def _group(text: str, place: int, depth: int) -> tuple[Piece, int]:
    """The piece that begins at an opening bracket, and the place of its closing one."""
    closing = {"(": ")", "[": "]", "{": "}"}[text[place]]
    if closing == "}":
        end = text.find("}", place)
        name = text[place + 1 : end]
        if end < 0 or not name.isidentifier():
            raise PatternError(f"`{{` ({place + 1})")
        return Slot(name), end
    rows, end = _rows(text, place + 1, closing, depth + 1)
    if end == len(text):
        raise PatternError(f"`{text[place]}` ({place + 1})")
    return Choice((*rows, ()) if closing == "]" else rows), end


class Matcher:
    """Reads questions by patterns.

    Args:
        dictionary: Knows the names.
        slots: Slot -> what an entry of the dictionary says of itself (`Entry.slot`).
        fillers: Words that say nothing.
    """

    def __init__(self, dictionary: Dictionary, slots: Mapping[str, str], fillers: Iterable[str]) -> None:
        self.dictionary = dictionary
        self.slots = dict(slots)
        self.fillers = sorted({words for filler in fillers if (words := normalised(filler))})

    def match(self, pattern: Pattern, text: str) -> list[dict[str, tuple[Entry, ...]]]:
        """What the slots stand for, in each reading of a normalised text; none if it does not fit."""
        states = self._follow(pattern.pieces, self._skip({State(0)}, text), text)
        return [dict(state.slots) for state in sorted(states, key=str) if state.place == len(text)]

    def _follow(self, pieces: Sequence[Piece], states: set[State], text: str) -> set[State]:
        for piece in pieces:
            if not states:
                break
            states = self._skip(self._one(piece, states, text), text)
        return states

    def _one(self, piece: Piece, states: set[State], text: str) -> set[State]:
        if isinstance(piece, Literal):
            length = len(piece.words)
            return {
                state._replace(place=state.place + length)
                for state in states
                if text.startswith(piece.words, state.place)
            }
        if isinstance(piece, Choice):
            return {state for row in piece.rows for state in self._follow(row, states, text)}
        return {new for state in states for new in self._named(piece.name, state, text)}

    def _named(self, name: str, state: State, text: str) -> Iterable[State]:
        wanted = self.slots[name]
        for mention in self.dictionary.at(text, state.place):
            entries = tuple(entry for entry in mention.entries if entry.slot == wanted)
            if entries:
                yield State(mention.end, (*state.slots, (name, entries)))

    def _skip(self, states: set[State], text: str) -> set[State]:
        """The states, and those behind words that say nothing."""
        found, fresh = set(states), set(states)
        while fresh and len(found) <= MOST_STATES:
            fresh = {
                state._replace(place=state.place + len(words))
                for state in fresh
                for words in self.fillers
                if text.startswith(words, state.place)
            } - found
            found |= fresh
        return found if len(found) <= MOST_STATES else set(sorted(found, key=str)[:MOST_STATES])
