"""Reads the binary form of word2vec: two sizes on a line, then word, blank, and little-endian float32 numbers.

Between rows there may be a line feed (the original program writes one, gensim does not).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

import numpy

from tengjia.errors import DataError
from tengjia.text.vector_rows import BLOCK, Block, Rejected, checked_width, checked_words, opened

_SIZES = re.compile(rb"(\d{1,18}) (\d{1,18})\s*\Z")
_LONGEST_WORD: Final = 1 << 16


def read_binary(path: Path, width: int | None, rejected: Rejected) -> Iterator[Block]:
    """The rows of a binary file, block after block, in constant memory.

    Args:
        path: A binary word2vec file, perhaps packed with gzip.
        width: Numbers a row, when the file is required to have just so many.
        rejected: Takes the rows whose word or numbers make no sense.

    Raises:
        DataError: The file is missing, tells no sizes, or ends before all rows that it declares.
    """
    with opened(path) as file:
        rows, declared = _sizes(file, path)
        if width is not None and width != declared:
            raise DataError("text.vector_other_width", file=path, found=declared, width=width)
        _check_size(file, path, rows, declared)
        done = 0
        while done < rows:
            block = _block(file, path, done, min(BLOCK, rows - done), rows, declared)
            yield checked_words(*block, rejected)
            done += len(block[0])


def _sizes(file: IO[bytes], path: Path) -> tuple[int, int]:
    header = _SIZES.match(file.readline(64))
    if header is None:
        raise DataError("text.vector_header", file=path, line=1)
    rows, width = int(header[1]), checked_width(int(header[2]), path, 1)
    if not rows:
        raise DataError("text.vectors_empty", file=path)
    return rows, width


def _check_size(file: IO[bytes], path: Path, rows: int, width: int) -> None:
    """A plain file must be long enough for what it declares, before anything is read."""
    least, present = file.tell() + rows * (4 * width + 2), path.stat().st_size
    if least > present and not hasattr(file, "mtime"):  # what gzip holds is known only when it is unpacked
        raise DataError("text.vector_truncated", file=path, declared=rows, found=(present // (4 * width + 2)))


def _block(
    file: IO[bytes], path: Path, done: int, count: int, rows: int, width: int
) -> tuple[list[bytes], list[int], numpy.ndarray]:
    words, numbers = list[bytes](), list[bytes]()
    for row in range(done, done + count):
        words.append(_word(file, path, row))
        values = file.read(4 * width)
        if len(values) < 4 * width:
            raise DataError("text.vector_truncated", file=path, declared=rows, found=row)
        numbers.append(values)
    matrix = numpy.frombuffer(b"".join(numbers), "<f4").reshape(count, width).astype(numpy.float32, copy=False)
    return words, list(range(done + 1, done + count + 1)), matrix


def _word(file: IO[bytes], path: Path, row: int) -> bytes:
    letters = bytearray()
    while (byte := file.read(1)) not in (b" ", b""):
        letters += byte
        if len(letters) > _LONGEST_WORD:
            raise DataError("text.vector_long_word", file=path, row=row + 1, limit=_LONGEST_WORD)
    return bytes(letters).removeprefix(b"\n")
