"""Files of stop words: one a line, with comments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from tengjia.errors import DataError


def read_stop_words(files: Iterable[Path]) -> tuple[str, ...]:
    """The words of several files, each once, in the order in which they first appear.

    A line is a word, without spaces and tabs at its ends. Empty lines are passed over, and so are lines that begin with
    `#` and a space; `#` alone is a word, as many lists have it. UTF-8, with or without a byte order mark.

    Raises:
        DataError: A file is missing or is not UTF-8.
    """
    return tuple(dict.fromkeys(word for file in files for word in _words(file)))


def _words(file: Path) -> Iterator[str]:
    try:
        lines = file.read_bytes().decode("utf-8-sig").split("\n")
    except FileNotFoundError:
        raise DataError("corpus.no_stop_words", file=file) from None
    except UnicodeDecodeError as error:
        number = error.object.count(b"\n", 0, error.start) + 1
        raise DataError("corpus.bad_stop_words", file=file, line=number, reason=error.reason) from None
    for line in lines:
        word = line.strip(" \t\r")
        if word and not line.startswith(("# ", "#\t")):
            yield word
