"""What a reader gives: text with marked spans, and where it was found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple


class Span(NamedTuple):
    """Characters `start` to `end` (exclusive) of a text, and what they are."""

    start: int
    end: int
    type: str


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled text, exactly as it stands in the corpus."""

    text: str
    """The original text; every offset in the house counts its characters (Unicode code points)."""

    spans: tuple[Span, ...] = ()
    """The marked spans, sorted, without overlap."""

    file: str = ""
    """The file it was read from."""

    line: int = 0
    """The line at which it begins, from 1."""

    tokens: tuple[tuple[int, int], ...] | None = None
    """Offsets of the tokens that the corpus itself separates (column files), if it does."""

    label: str | None = None
    """The class of the whole text, for tasks that have one."""

    extra: Mapping[str, str] = field(default_factory=dict)
    """Further columns by name (`group`, `page`, `paragraph`, ...)."""
