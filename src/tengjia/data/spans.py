"""Spans as files give them, made into spans the house can use: within the text, sorted, without overlap."""

from __future__ import annotations

import bisect
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from tengjia.contracts import Rejects
from tengjia.data.example import Example, Span


class BadRow(Exception):
    """A row that cannot be used: caught by the reader, which hands it to the rejects."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


def checked_text(text: object) -> str:
    """The text of a row, if it is one.

    Raises:
        BadRow: It is no string, empty, or holds half of a surrogate pair, which no file can be written with.
    """
    if not isinstance(text, str) or not text:
        raise BadRow("data.bad_text", found=shown(text))
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise BadRow("data.bad_text", found=shown(text)) from None
    return text


def checked_label(label: object) -> str:
    """The class of a row as a string; numbers stand for themselves.

    Raises:
        BadRow: It is neither a string with something in it nor a number.
    """
    if isinstance(label, bool) or not isinstance(label, str | int | float) or label == "":
        raise BadRow("data.bad_label", found=shown(label))
    return checked_text(str(label))


def checked_span(text: str, start: object, end: object, name: object, *, inclusive: bool = False) -> Span:
    """One span, if it marks a part of the text.

    Raises:
        BadRow: An offset is no integer or outside the text, the span is empty, or its type is no name.
    """
    if not _is_offset(start) or not _is_offset(end) or not isinstance(name, str | int) or name == "":
        found = f"start {shown(start)}, end {shown(end)}, type {shown(name)}"
        raise BadRow("data.bad_spans", found=found, allowed="integers as offsets, a string as type")
    assert isinstance(start, int) and isinstance(end, int)
    after = end + inclusive
    if not 0 <= start < after <= len(text):
        raise BadRow("data.bad_offsets", start=start, end=after, type=name, length=len(text))
    return Span(start, after, checked_text(str(name)))


def checked_surface(text: str, span: Span, surface: str) -> None:
    """Compare a span with what the annotation says it covers.

    Raises:
        BadRow: They differ.
    """
    found = text[span.start : span.end]
    if found != surface:
        raise BadRow("data.wrong_surface", start=span.start, end=span.end, found=found, expected=surface)


def settle(example: Example, spans: Sequence[Span], *, overlap: str, rejects: Rejects) -> tuple[Span, ...]:
    """The spans of an example, sorted, none overlapping another.

    Args:
        example: For the text, and the place in messages.
        spans: Valid spans in the order of the file.
        overlap: `"error"`, or `"longest"`: of overlapping spans the longest stays, of equal ones the first.
        rejects: Is told of each span that is left out.

    Raises:
        BadRow: Spans overlap, and `overlap` is `"error"`.
    """
    text = example.text
    place: dict[str, Any] = {"file": example.file, "line": example.line, "text": text}
    unique = Counter(spans)
    for span, times in unique.items():
        if times > 1:
            rejects.note("data.duplicate_span", first=named(text, span), **place)
    ordered = sorted(unique)
    clash = next(((a, b) for a, b in pairwise(ordered) if b.start < a.end), None)
    if clash is None:
        return tuple(ordered)
    if overlap == "error":
        raise BadRow("data.overlapping_spans", first=named(text, clash[0]), second=named(text, clash[1]))
    kept: list[Span] = []
    for span in sorted(unique, key=lambda s: s.start - s.end):
        winner = _overlapped(kept, span)
        if winner is None:
            bisect.insort(kept, span)
        else:
            rejects.note("data.dropped_span", first=named(text, winner), second=named(text, span), **place)
    return tuple(kept)


def _overlapped(kept: list[Span], span: Span) -> Span | None:
    """The kept span (sorted, disjoint) that a span overlaps, if any."""
    at = bisect.bisect_left(kept, (span.start, span.end, ""))
    if at < len(kept) and kept[at].start < span.end:
        return kept[at]
    return kept[at - 1] if at and kept[at - 1].end > span.start else None


def named(text: str, span: Span) -> str:
    """A span in words for a message."""
    return f"{shown(text[span.start : span.end])}[{span.start}:{span.end}] {span.type}"


def shown(value: object, limit: int = 60) -> str:
    """A value as a message shows it, cut to a sensible length."""
    # Cut first: the representation of a value of many megabytes would itself take as much.
    if isinstance(value, str | list | tuple):
        value = value[: limit + 1]
    if isinstance(value, dict):
        value = {key: value[key] for key in list(value)[:10]}
    text = ascii(value) if isinstance(value, str) and not value.isprintable() else repr(value)
    return text if len(text) <= limit else text[:limit] + "..."


def _is_offset(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
