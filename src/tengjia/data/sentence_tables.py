"""Whole stretches of a column file as tables: many sentences at once, by operations on arrays, not one after the other.

For the most ordinary files: two columns, one separator between them. The first doubt gives `None`, as in
`tengjia.data.sentence_blocks`, which is then asked about each sentence.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy
import pyarrow as pa

from tengjia.data.arrow_tables import numbers
from tengjia.data.example_table import ExampleBlock
from tengjia.data.spans import BadRow
from tengjia.data.tags import OPEN_ENDED, TagScheme

_ACTIONS: Final = "OBIES"
_OUTSIDE, _BEGIN, _INSIDE, _END, _SINGLE = range(len(_ACTIONS))
_LINE_FEED: Final = 10


class _Rows(NamedTuple):
    """Where the rows of a stretch lie, in bytes; and which rows begin a sentence."""

    data: numpy.ndarray
    starts: numpy.ndarray
    marks: numpy.ndarray
    """Of the separators."""
    ends: numpy.ndarray
    lines: numpy.ndarray
    """Their numbers, from 0, blank lines counted."""
    first: numpy.ndarray


def block_of(
    text: str, file: str, line: int, mark: str, scheme: TagScheme, *, joiner: str, most: int
) -> ExampleBlock | None:
    """The sentences of a stretch, if all of them are as most are.

    Args:
        text: Whole sentences, blank lines between them; neither comments nor lines of blanks.
        file: For the examples.
        line: Number of its first line.
        mark: The separator, one ASCII character.
        scheme: Knows the tags.
        joiner: What stands between tokens in the text; at most one ASCII character is understood.
        most: Tokens that a sentence may have.
    """
    rows = _located(text, mark) if len(joiner) < 2 and joiner.isascii() else None
    if rows is None:
        return None
    firsts = numpy.flatnonzero(rows.first)
    marked = _marked(rows, scheme)
    if marked is None or numpy.diff(firsts, append=len(rows.first)).max() > most:
        return None
    begins, closes, types = marked
    texts, starts, ends = _texts(rows, firsts, joiner)
    sentence = numpy.cumsum(rows.first) - 1
    base = starts[firsts]
    return ExampleBlock(
        texts,
        numpy.bincount(sentence[begins], minlength=len(firsts)),
        starts[begins] - base[sentence[begins]],
        ends[closes] - base[sentence[closes]],
        types,
        file,
        line + rows.lines[firsts],
    )


def _located(text: str, mark: str) -> _Rows | None:
    """The rows, if each has exactly one separator, with something on both sides."""
    data = numpy.frombuffer(f"{text}\n".encode(), numpy.uint8)
    ends = numpy.flatnonzero(data == _LINE_FEED)
    starts = numpy.concatenate([[0], ends[:-1] + 1])
    lines = numpy.flatnonzero(ends > starts)
    starts, ends, marks = starts[lines], ends[lines], numpy.flatnonzero(data == ord(mark))
    if not len(lines) or len(marks) != len(lines) or not ((starts < marks) & (marks + 1 < ends)).all():
        return None
    first = numpy.ones(len(lines), bool)
    first[1:] = numpy.diff(lines) > 1
    return _Rows(data, starts, marks, ends, lines, first)


def _marked(rows: _Rows, scheme: TagScheme) -> tuple[numpy.ndarray, numpy.ndarray, pa.StringArray] | None:
    """The rows at which spans begin and end, and the types of these; `None` if a tag or a sequence is not sound."""
    names, codes = _tags(rows)
    try:
        parsed = [scheme.parse(name) for name in names]
    except BadRow:
        return None
    kinds = sorted({kind for _, kind in parsed})
    actions = numpy.array([_ACTIONS.index(action) for action, _ in parsed], numpy.int8)[codes]
    types = numpy.array([kinds.index(kind) for _, kind in parsed], numpy.int32)[codes]
    is_open = (actions == _BEGIN) | (actions == _INSIDE)
    goes_on = (actions == _INSIDE) | (actions == _END)
    # As `TagScheme` finds them: a tag goes on if the one before it leaves a span of its type open.
    continues = numpy.zeros(len(actions), bool)
    continues[1:] = goes_on[1:] & is_open[:-1] & (types[1:] == types[:-1]) & ~rows.first[1:]
    left_open = is_open & ~numpy.append(continues[1:], False)
    begins = (actions != _OUTSIDE) & ~continues
    if (scheme.scheme not in OPEN_ENDED and left_open.any()) or (scheme.scheme != "iob1" and (begins & goes_on).any()):
        return None
    closes = (actions == _END) | (actions == _SINGLE) | left_open
    begin = numpy.flatnonzero(begins)
    return begin, numpy.flatnonzero(closes), pa.array(kinds, pa.string()).take(pa.array(types[begin]))


def _tags(rows: _Rows) -> tuple[list[str], numpy.ndarray]:
    """The distinct tags, and which of them each row has."""
    count = len(rows.marks)
    # Tokens and tags in turn, each with the mark that follows: together they are all of the data.
    offsets = numpy.zeros(2 * count + 1, numpy.int32)
    offsets[1::2], offsets[2::2] = rows.marks + 1, rows.ends + 1
    fields = pa.StringArray.from_buffers(2 * count, pa.py_buffer(offsets), pa.py_buffer(rows.data))
    tags = fields.take(pa.array(numpy.arange(1, 2 * count, 2))).dictionary_encode()
    return [name[:-1] for name in tags.dictionary.to_pylist()], numbers(tags.indices)


def _texts(rows: _Rows, firsts: numpy.ndarray, joiner: str) -> tuple[pa.StringArray, numpy.ndarray, numpy.ndarray]:
    """The texts; where each token starts and ends, in characters of all texts together."""
    data, sizes = rows.data, rows.marks - rows.starts
    widths = sizes.copy()
    if joiner:
        data = data.copy()
        data[rows.marks] = ord(joiner)
        widths[~numpy.append(rows.first[1:], True)] += 1
    steps = numpy.zeros(len(data) + 1, numpy.int8)
    steps[rows.starts] = 1
    steps[rows.starts + widths] = -1
    kept = data[numpy.cumsum(steps[:-1], dtype=numpy.int8).view(bool)]
    offsets = numpy.concatenate([[0], numpy.cumsum(widths)])
    places = offsets[numpy.append(firsts, len(sizes))].astype(numpy.int32)
    # In UTF-8 every byte begins a character that does not look like 10xxxxxx.
    characters = numpy.concatenate([[0], numpy.cumsum((kept & 0xC0) != 0x80)])
    texts = pa.StringArray.from_buffers(len(firsts), pa.py_buffer(places), pa.py_buffer(kept))
    return texts, characters[offsets[:-1]], characters[offsets[:-1] + sizes]
