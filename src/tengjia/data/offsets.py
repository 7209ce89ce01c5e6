"""Offsets as files count them, made into characters (code points) with an exclusive end."""

from __future__ import annotations

from functools import cached_property
from itertools import accumulate

from tengjia.data.spans import BadRow


class Offsets:
    """Converts the offsets of one text.

    Args:
        text: The text.
        unit: What offsets count: `characters`, `utf16` (JavaScript, Java) or `utf8` (bytes).
        inclusive: Whether the end is the last unit of a span.
    """

    def __init__(self, text: str, unit: str = "characters", *, inclusive: bool = False) -> None:
        self.text, self.unit, self.inclusive = text, unit, inclusive

    def characters(self, start: object, end: object) -> tuple[object, object]:
        """Start and exclusive end in characters; what is no integer or out of range stays for the check of spans.

        Raises:
            BadRow: An offset falls within a character.
        """
        if not _is_integer(start) or not _is_integer(end):
            return start, end
        after = end + self.inclusive  # type: ignore[operator]
        if self._same:
            return start, after
        return self._converted(start), self._converted(after)

    def _converted(self, offset: object) -> object:
        assert isinstance(offset, int)
        if offset not in self._positions:
            if 0 <= offset <= max(self._positions):
                raise BadRow("data.split_character", offset=offset, unit=self.unit)
            return offset if offset < 0 else len(self.text) + 1
        return self._positions[offset]

    @cached_property
    def _same(self) -> bool:
        limit = {"characters": 0x10FFFF, "utf16": 0xFFFF, "utf8": 0x7F}[self.unit]
        return not self.text or ord(max(self.text)) <= limit

    @cached_property
    def _positions(self) -> dict[int, int]:
        """Unit offset to character offset, for every character and the end."""
        widths = [_width(character, self.unit) for character in self.text]
        return {offset: number for number, offset in enumerate(accumulate(widths, initial=0))}


def _width(character: str, unit: str) -> int:
    return 1 + (character > "\uffff") if unit == "utf16" else len(character.encode("utf-8"))


def _is_integer(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
