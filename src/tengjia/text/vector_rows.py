"""What every reader of word vectors gives, and what it does with rows that make no sense."""

from __future__ import annotations

import contextlib
import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final, Literal, NamedTuple

import numpy

from tengjia.errors import DataError

MAXIMAL_WIDTH: Final = 65_536
"""No vectors are wider than this; a file that says so is damaged or hostile."""

BLOCK: Final = 1024
"""Rows that are read and checked together."""

BadRows = Literal["error", "skip"]


class Block(NamedTuple):
    """Some rows of a file, in its order."""

    words: list[bytes]
    """UTF-8."""

    matrix: numpy.ndarray
    """`[rows, width]` float32, finite."""


@dataclass
class Rejected:
    """Rows that were not taken: an error at once, or a count."""

    path: Path
    policy: BadRows
    count: int = 0
    first_line: int = 0
    """Line (binary files: number) of the first of them."""

    def add(self, code: str, line: int, **values: Any) -> None:
        """Note one row.

        Raises:
            DataError: The policy is `error`.
        """
        if self.policy == "error":
            raise DataError(code, file=self.path, line=line, **values)
        self.count += 1
        self.first_line = self.first_line or line


def checked_words(words: list[bytes], lines: list[int], matrix: numpy.ndarray, rejected: Rejected) -> Block:
    """The rows whose word is UTF-8 and not empty, and whose numbers are finite; the others go to `rejected`."""
    good = numpy.isfinite(matrix).all(axis=1)
    for row, (word, line) in enumerate(zip(words, lines)):
        if not good[row]:
            rejected.add("text.vector_not_finite", line, word=shown(word))
        elif not word or not _is_utf8(word):
            rejected.add("text.vector_bad_word", line, word=shown(word))
            good[row] = False
    if good.all():
        return Block(words, matrix)
    return Block([word for word, keep in zip(words, good) if keep], matrix[good])


def shown(word: bytes) -> str:
    """A word for a message, cut when long."""
    return repr(word[:40].decode("utf-8", "backslashreplace"))


def _is_utf8(word: bytes) -> bool:
    try:
        word.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def checked_width(width: int, path: Path, line: int) -> int:
    """`width` itself, if vectors can be so wide.

    Raises:
        DataError: It is below 1 or above `MAXIMAL_WIDTH`.
    """
    if not 1 <= width <= MAXIMAL_WIDTH:
        raise DataError("text.vector_width", file=path, line=line, found=width, allowed=f"1-{MAXIMAL_WIDTH}")
    return width


@contextlib.contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """A file of vectors, unpacked when it is gzip (by its first bytes, whatever its name).

    Raises:
        DataError: There is no such file, or the packed data are damaged or end too early.
    """
    if not path.is_file():
        raise DataError("text.no_vector_file", file=path)
    with open(path, "rb") as plain:
        packed = plain.read(2) == b"\x1f\x8b"
    try:
        with gzip.open(path, "rb") if packed else open(path, "rb") as file:
            yield file  # type: ignore[misc]
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise DataError("text.vector_gzip", file=path, reason=error) from error
