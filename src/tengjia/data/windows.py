"""Cuts one long text in windows without cutting a span.

For corpora that are one continuous stream, or documents too long to learn from whole. (Long inputs of a trained model
are another matter: those windows overlap and are joined again.)
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import replace

from tengjia.data.example import Example, Span
from tengjia.utilities.randomness import generator_for


def consecutive(example: Example, size: int) -> Iterator[Example]:
    """Windows of at most `size` characters, one after the other: each character stands in exactly one of them.

    A span longer than `size` gets a window of its own length: nothing is lost and nothing is cut.
    """
    start = 0
    while start < len(example.text):
        end = _end_before_cut(example, start, start + size)
        yield window(example, start, end)
        start = end


def sampled(example: Example, size: int, count: int, *seed: int | str) -> Iterator[Example]:
    """`count` windows of at most `size` characters from random places; none cuts a span.

    Args:
        example: The long text. One that fits in a window is given once, whole.
        size: Characters of a window. A window may be shorter where a span would be cut, and is longer only if it
            begins with a span that does not fit.
        count: How many windows.
        seed: What chance depends on.
    """
    if len(example.text) <= size:
        yield example
        return
    places = generator_for("windows", *seed).integers(0, len(example.text) - size + 1, size=count)
    for place in places.tolist():
        start = _start_before_cut(example, place)
        yield window(example, start, _end_before_cut(example, start, start + size))


def window(example: Example, start: int, end: int) -> Example:
    """The characters `start` to `end` of an example as an example, with the spans and tokens inside.

    Its `extra["offset"]` says where it begins in the whole text.
    """
    first = bisect_left(example.spans, (start,))
    after = bisect_left(example.spans, (end,))
    tokens = example.tokens
    return replace(
        example,
        text=example.text[start:end],
        spans=tuple(Span(s.start - start, s.end - start, s.type) for s in example.spans[first:after]),
        tokens=None if tokens is None else tuple((a - start, b - start) for a, b in tokens if a >= start and b <= end),
        extra={**example.extra, "offset": str(int(example.extra.get("offset", 0)) + start)},
    )


def _cut_by(example: Example, place: int) -> Span | None:
    """The span that begins before `place` and ends behind it."""
    number = bisect_right(example.spans, place, key=lambda span: span.start) - 1
    span = example.spans[number] if number >= 0 else None
    return span if span is not None and span.start < place < span.end else None


def _start_before_cut(example: Example, place: int) -> int:
    span = _cut_by(example, place)
    return place if span is None else span.start


def _end_before_cut(example: Example, start: int, place: int) -> int:
    if place >= len(example.text):
        return len(example.text)
    span = _cut_by(example, place)
    if span is None:
        return place
    return span.start if span.start > start else span.end
