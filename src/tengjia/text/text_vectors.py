"""Reads word2vec and GloVe text: a word and its numbers on each line, with or without a first line of two sizes.

Words may hold blanks (the 840B vectors of GloVe have such) and any other character but a line feed, so a line is read
from its right end, as bytes: Unicode blanks and line separators are part of a word.
"""

from __future__ import annotations

import itertools
import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

import numpy

from tengjia.errors import DataError
from tengjia.text.vector_rows import (
    BLOCK,
    MAXIMAL_WIDTH,
    Block,
    Rejected,
    checked_width,
    checked_words,
    opened,
    shown,
)

_LONGEST_LINE: Final = 32 * MAXIMAL_WIDTH
_SIZES = re.compile(rb"\s*(\d{1,18})[ \t]+(\d{1,18})\s*\Z")
_PROBE = 16  # lines from which the width is told when nothing says it

_Line = tuple[int, bytes]


def read_text(path: Path, width: int | None, rejected: Rejected) -> Iterator[Block]:
    """The rows of a text file, block after block, in constant memory.

    Args:
        path: Text in UTF-8, perhaps packed with gzip.
        width: Numbers a row; `None`: from the first line that tells sizes, else from the first rows.
        rejected: Takes the rows that make no sense.

    Raises:
        DataError: The file is missing, empty, damaged, or has not as many rows as it declares.
    """
    with opened(path) as file:
        lines = _lines(file, path)
        first = list(itertools.islice(lines, _PROBE))
        if not first:
            raise DataError("text.vectors_empty", file=path)
        declared, found = _sizes(first)
        if declared is not None:
            first = first[1:]
        width = checked_width(width or found, path, 1)
        lines, rows = itertools.chain(first, lines), 0
        while some := list(itertools.islice(lines, BLOCK)):
            block = _parse(some, width, rejected)
            rows += len(some)
            if block.words:
                yield block
        if declared is not None and declared != rows and rejected.policy == "error":
            raise DataError("text.vector_rows", file=path, declared=declared, found=rows)


def _lines(file: IO[bytes], path: Path) -> Iterator[_Line]:
    """Numbered lines without their ends; blank lines are left out."""
    for number in itertools.count(1):
        line = file.readline(_LONGEST_LINE)
        if not line:
            return
        if len(line) == _LONGEST_LINE:
            raise DataError("text.vector_long_line", file=path, line=number, limit=_LONGEST_LINE)
        line = line.rstrip(b" \t\r\n")
        if line:
            yield number, line.replace(b"\t", b" ")


def _sizes(lines: list[_Line]) -> tuple[int | None, int]:
    """Rows as the first line declares them, if it does, and width."""
    header = _SIZES.match(lines[0][1])
    if header and (len(lines) == 1 or lines[1][1].count(b" ") >= int(header[2])):
        return int(header[1]), int(header[2])
    return None, min(_numbers_at_end(line) for _, line in lines)


def _numbers_at_end(line: bytes) -> int:
    fields = line.split(b" ")[1:]
    return sum(1 for _ in itertools.takewhile(_is_number, reversed(fields)))


def _is_number(field: bytes) -> bool:
    try:
        float(field)
    except ValueError:
        return False
    return True


def _parse(lines: list[_Line], width: int, rejected: Rejected) -> Block:
    words, numbers, origins = list[bytes](), list[bytes](), list[int]()
    for number, line in lines:
        parts = line.rsplit(b" ", width)
        if len(parts) == width + 1:
            words.append(parts[0])
            numbers.append(line[len(parts[0]) + 1 :])
            origins.append(number)
        else:
            found = line.count(b" ")
            rejected.add("text.vector_row", number, found=found, width=width, word=shown(line.split(b" ")[0]))
    joined = b" ".join(numbers)
    # Another separator inside a field could make up for a missing number elsewhere: such rows are looked at singly.
    odd = any(mark in joined for mark in (b"  ", b"\v", b"\f", b"\r"))
    matrix = None if odd else _matrix(joined, len(words), width)
    if matrix is not None:
        return checked_words(words, origins, matrix, rejected)
    return _parse_singly(words, numbers, origins, width, rejected)


def _parse_singly(
    words: list[bytes], numbers: list[bytes], origins: list[int], width: int, rejected: Rejected
) -> Block:
    """The slow way, for a block that holds something that is no number."""
    kept, kept_origins, rows = list[bytes](), list[int](), [numpy.empty((0, width), numpy.float32)]
    for word, text, number in zip(words, numbers, origins):
        row = _matrix(text, 1, width)
        if row is None:
            wrong = next((field for field in text.split(b" ") if not _is_number(field)), text)
            rejected.add("text.vector_no_number", number, word=shown(word), found=shown(wrong))
        else:
            kept.append(word)
            kept_origins.append(number)
            rows.append(row)
    return checked_words(kept, kept_origins, numpy.concatenate(rows), rejected)


def _matrix(numbers: bytes, rows: int, width: int) -> numpy.ndarray | None:
    """`[rows, width]` float32, or `None` when the text does not hold just so many numbers."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", DeprecationWarning)
        try:
            flat = numpy.fromstring(numbers, numpy.float32, sep=" ")
        except (DeprecationWarning, ValueError):
            return None
    return flat.reshape(rows, width) if len(flat) == rows * width else None
