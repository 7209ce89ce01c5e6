"""Nearest names as they stand in a message: a question when there are any, nothing when there are none."""

from __future__ import annotations

from collections.abc import Iterable

from tengjia.messages import language
from tengjia.utilities.nearest import edits, nearest


class Suggestions(tuple[str, ...]):
    """Names that may have been meant; formats as a question in the reader's language."""

    __slots__ = ()

    def __str__(self) -> str:
        if not self:
            return ""
        if language() == "zh":
            return f"您是不是想写 {'、'.join(f'`{name}`' for name in self)}？"
        return f"did you mean {' or '.join(f'`{name}`' for name in self)}? "

    def __format__(self, specification: str) -> str:
        """As in `str`; with `:;` as the last clause of a sentence."""
        if specification != ";":
            return str(self)
        mark = "；" if language() == "zh" else "; "
        return f"{mark}{str(self).rstrip()}" if self else ""


def suggestions(word: object, known: Iterable[str]) -> Suggestions:
    """The at most three `known` names nearest to a word; when some are one slip away, only these."""
    names = nearest(str(word), known)
    slips = [name for name in names if edits(str(word).lower(), name.lower(), 2) <= 1]
    return Suggestions(slips or names)
