"""Tags as files give them, made into spans; sequences that break their scheme are mended by a named rule.

Rules (`repair`; the first two as in `tengjia.data.labels`): `lenient`: a tag that continues nothing begins a span, and
a span that is not closed ends where it stops (what conlleval does); `strict`: a span with something broken in it is no
span; `error`: the sentence is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tengjia.data.spans import BadRow

OUTSIDE: Final = "O"

# What each letter does, by scheme: B opens, I goes on, E closes, S opens and closes.
ACTIONS: Final[dict[str, dict[str, str]]] = {
    "bio": {"B": "B", "I": "I"},
    "iob1": {"B": "B", "I": "I"},
    "bioes": {"B": "B", "I": "I", "E": "E", "S": "S"},
    "bmes": {"B": "B", "M": "I", "E": "E", "S": "S"},
    "biluo": {"B": "B", "I": "I", "L": "E", "U": "S"},
    "auto": {"B": "B", "I": "I", "M": "I", "E": "E", "L": "E", "S": "S", "U": "S"},
}
OPEN_ENDED: Final = ("bio", "iob1", "auto")
"""Schemes without a tag that must close a span."""


class TagScheme:
    """Reads the tags of one scheme.

    Args:
        scheme: `bio`, `iob1` (I begins, B only separates neighbours), `bioes`, `bmes`, `biluo`, or `auto`: every letter
            of these, and a span without a closing tag counts as whole.
        repair: `lenient`, `strict` or `error`.
        delimiter: What stands between letter and type; the type itself may hold it again.
        untyped: Type of spans whose tags are mere letters (word segmentation).
    """

    def __init__(self, scheme: str, *, repair: str = "lenient", delimiter: str = "-", untyped: str = "SPAN") -> None:
        self.scheme, self.repair, self.delimiter, self.untyped = scheme, repair, delimiter, untyped
        self.known: dict[str, tuple[str, str]] = {OUTSIDE: (OUTSIDE, "")}
        """Tags that have been parsed."""

    def parse(self, tag: str) -> tuple[str, str]:
        """What a tag does (O, B, I, E or S), and its type.

        Raises:
            BadRow: The tag is none of the scheme.
        """
        known = self.known.get(tag)
        if known is None:
            known = self._parse(tag)
            if len(self.known) < 10_000:
                self.known[tag] = known
        return known

    def _parse(self, tag: str) -> tuple[str, str]:
        if tag == OUTSIDE:
            return OUTSIDE, ""
        letter, delimiter, name = tag.partition(self.delimiter)
        action = ACTIONS[self.scheme].get(letter)
        if action is None or (delimiter and not name):
            allowed = "O, " + ", ".join(f"{known}{self.delimiter}TYPE" for known in ACTIONS[self.scheme])
            raise BadRow("data.bad_tag", found=tag[:60], scheme=self.scheme, allowed=allowed)
        return action, name or self.untyped

    def spans(self, tags: Sequence[tuple[str, str]]) -> tuple[list[tuple[int, int, str]], list[int]]:
        """Spans `(first unit, end unit, type)` of parsed tags, and the units at which something was mended.

        Raises:
            BadRow: A sequence is broken, and `repair` is `error`; `values["unit"]` says where.
        """
        found = self._marked(tags)
        broken = [at for _, _, _, at in found if at is not None]
        if broken and self.repair == "error":
            action, name = tags[broken[0]]
            tag = action if action == OUTSIDE else f"{action}{self.delimiter}{name}"
            raise BadRow("data.broken_tags", found=tag, rule="repair=error", unit=broken[0])
        kept = [(start, end, name) for start, end, name, at in found if at is None or self.repair == "lenient"]
        return kept, broken

    def _marked(self, tags: Sequence[tuple[str, str]]) -> list[tuple[int, int, str, int | None]]:
        """Every span as it stands, with the unit at which it breaks the scheme, if it does."""
        closes, orphans = self.scheme not in OPEN_ENDED, self.scheme != "iob1"
        found: list[tuple[int, int, str, int | None]] = []
        start, open_type, fault = -1, "", None
        for at, (action, name) in enumerate([*tags, (OUTSIDE, "")]):
            continues = action in "IE" and start >= 0 and name == open_type
            if start >= 0 and not continues:
                unclosed = at - 1 if closes and fault is None else fault
                found.append((start, at, open_type, unclosed))
                start = -1
            if action != OUTSIDE and not continues:
                start, open_type = at, name
                fault = at if action in "IE" and orphans else None
            if action in "ES":
                found.append((start, at + 1, open_type, fault))
                start = -1
        return found
