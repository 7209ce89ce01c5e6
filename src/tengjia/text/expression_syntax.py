"""Regular expressions of a subset that needs no backtracking without end: read into a tree.

    (什么|哪些)职位          one of several          [0-9a-z] [^,]      one of these characters, any other
    . \\d \\w \\s \\D \\W \\S     kinds of characters     ? * + {2} {2,5}    how often; with ? behind it: rather seldom
    ^ $                    begin and end           {city}             a slot, found under its name afterwards

A backslash before a sign takes it literally. There are no backreferences, no looking ahead, no flags.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

LONGEST: Final = 1000
"""Characters of an expression."""
DEEPEST: Final = 20
"""Brackets within brackets."""
MOST_TIMES: Final = 200
"""The largest number in `{m,n}`."""

_SLOT: Final = re.compile(r"\{([^\W\d]\w*)\}")
_TIMES: Final = re.compile(r"\{(\d+)(,?)(\d*)\}")
_KINDS: Final = frozenset("dwsDWS")


class ExpressionError(ValueError):
    """What is wrong with an expression: a code of the catalogue `expression`, and the place, counted from 1."""

    def __init__(self, code: str, place: int, **values: object) -> None:
        super().__init__(code, place)
        self.code, self.values = code, {"place": place, **values}


@dataclass(frozen=True)
class Literal:
    """One character, as it stands."""

    character: str


@dataclass(frozen=True)
class Kind:
    """One character out of a set."""

    ranges: tuple[tuple[str, str], ...] = ()
    kinds: str = ""
    """Letters of `\\d`, `\\w`, ...; `.` for any character."""
    negated: bool = False

    def __contains__(self, character: str) -> bool:
        inside = any(low <= character <= high for low, high in self.ranges) or any(
            _is_kind(character, kind) for kind in self.kinds
        )
        return inside != self.negated


@dataclass(frozen=True)
class Border:
    """`^` or `$`."""

    sign: str


@dataclass(frozen=True)
class Slot:
    """`{name}`."""

    name: str
    place: int


@dataclass(frozen=True)
class Row:
    """One after the other."""

    parts: tuple[Node, ...]


@dataclass(frozen=True)
class Choice:
    """One of several, the first that leads on."""

    rows: tuple[Node, ...]


@dataclass(frozen=True)
class Repeat:
    """So many times; `most` of `None` is any number."""

    node: Node
    least: int
    most: int | None
    lazy: bool


Node = Literal | Kind | Border | Slot | Row | Choice | Repeat


def _is_kind(character: str, kind: str) -> bool:
    if kind == ".":
        return True
    inside = {"d": character.isdigit(), "w": character.isalnum() or character == "_", "s": character.isspace()}
    return inside[kind.lower()] != kind.isupper()


def parse(text: str) -> Node:
    """Read an expression.

    Raises:
        ExpressionError: It is none of this subset, or too long.
    """
    if len(text) > LONGEST:
        raise ExpressionError("expression.too_long", LONGEST, found=len(text), allowed=LONGEST)
    reading = _Reading(text)
    node = reading.choice(0)
    if reading.place < len(text):
        raise ExpressionError("expression.unopened", reading.place + 1)
    return node


class _Reading:
    """Reads from left to right."""

    def __init__(self, text: str) -> None:
        self.text, self.place = text, 0

    @property
    def next(self) -> str:
        return self.text[self.place : self.place + 1]

    def take(self, sign: str) -> bool:
        """Whether this comes next; then it is behind us."""
        found = self.text.startswith(sign, self.place)
        self.place += len(sign) * found
        return found

    def choice(self, depth: int) -> Node:
        """Rows between `|`."""
        if depth > DEEPEST:
            raise ExpressionError("expression.too_deep", self.place, allowed=DEEPEST)
        rows = [self.row(depth)]
        while self.take("|"):
            rows.append(self.row(depth))
        return rows[0] if len(rows) == 1 else Choice(tuple(rows))

    def row(self, depth: int) -> Node:
        """Parts up to `|`, `)` or the end."""
        parts: list[Node] = []
        while self.next and self.next not in "|)":
            parts.append(self.repeated(self.part(depth)))
        return parts[0] if len(parts) == 1 else Row(tuple(parts))

    def part(self, depth: int) -> Node:
        """One part, without what says how often."""
        begun = self.place
        sign = self.next
        self.place += 1
        if sign == "(":
            return self.group(depth, begun)
        if sign == "[":
            return self.kind(begun)
        if sign == "\\":
            return self.escaped(begun)
        if sign in "^$":
            return Border(sign)
        if sign == ".":
            return Kind(kinds=".")
        if sign == "{":
            slot = _SLOT.match(self.text, begun)
            if slot is None:
                raise ExpressionError("expression.bad_brace", begun + 1)
            self.place = slot.end()
            return Slot(slot[1], begun + 1)
        if sign in "*+?":
            raise ExpressionError("expression.nothing_to_repeat", begun + 1, found=sign)
        return Literal(sign)

    def group(self, depth: int, begun: int) -> Node:
        """What stands in round brackets."""
        if self.next == "?" and not self.take("?:"):
            raise ExpressionError("expression.not_in_subset", begun + 1, found=self.text[begun : begun + 4])
        node = self.choice(depth + 1)
        if not self.take(")"):
            raise ExpressionError("expression.unclosed", begun + 1, found="(")
        return node

    def escaped(self, begun: int) -> Node:
        """What a backslash begins."""
        sign = self.next
        self.place += 1
        if sign in _KINDS and sign:
            return Kind(kinds=sign)
        if not sign or sign.isalnum():
            raise ExpressionError("expression.not_in_subset", begun + 1, found=f"\\{sign}")
        return Literal(sign)

    def kind(self, begun: int) -> Node:
        """What stands in square brackets."""
        negated = self.take("^")
        ranges: list[tuple[str, str]] = []
        kinds = ""
        while self.next != "]" or self.place == begun + 1 + negated:
            low = self.member(begun)
            if isinstance(low, Kind):
                kinds += low.kinds
            elif self.next == "-" and self.text[self.place + 1 : self.place + 2] not in ("]", ""):
                self.place += 1
                high = self.member(begun)
                if isinstance(high, Kind) or high.character < low.character:
                    raise ExpressionError("expression.bad_range", self.place)
                ranges.append((low.character, high.character))
            else:
                ranges.append((low.character, low.character))
        self.place += 1
        return Kind(tuple(ranges), kinds, negated)

    def member(self, begun: int) -> Literal | Kind:
        """One member of square brackets."""
        sign = self.next
        if not sign:
            raise ExpressionError("expression.unclosed", begun + 1, found="[")
        self.place += 1
        if sign != "\\":
            return Literal(sign)
        found = self.escaped(self.place - 1)
        assert isinstance(found, Literal | Kind)
        return found

    def repeated(self, node: Node) -> Node:
        """The part with what says how often."""
        begun, sign = self.place, self.next
        times = _TIMES.match(self.text, begun)
        if times is not None:
            least = int(times[1])
            most = (int(times[3]) if times[3] else None) if times[2] else least
            self.place = times.end()
            if max(least, most or 0) > MOST_TIMES or (most is not None and most < least):
                raise ExpressionError("expression.bad_times", begun + 1, found=times[0], allowed=MOST_TIMES)
        elif sign and sign in "*+?":
            least, most = {"*": (0, None), "+": (1, None), "?": (0, 1)}[sign]
            self.place += 1
        else:
            return node
        lazy = self.take("?")
        if self.next and self.next in "*+":
            raise ExpressionError("expression.nothing_to_repeat", self.place + 1, found=self.next)
        return Repeat(node, least, most, lazy)
