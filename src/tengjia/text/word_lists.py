"""Vocabularies and user dictionaries: files of words, hostile until read."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final, NamedTuple

from tengjia.errors import DataError

LARGEST_FILE: Final = 1 << 28
"""Bytes; no list of words is longer."""

_ENTRY = re.compile(r"(?P<word>.+?)(?:[ \t]+(?P<frequency>\d{1,12}))?(?:[ \t]+(?P<tag>[A-Za-z]{1,16}))?\Z")


class Entry(NamedTuple):
    """A word of a user dictionary."""

    word: str
    """As it is to be cut."""

    frequency: int | None
    """How frequent it is held to be; `None`: as frequent as it takes for the word to be cut whole."""

    tag: str | None
    """Part of speech."""


def read_lines(path: Path) -> list[str]:
    """The lines of a UTF-8 file; only a line feed ends a line, and a byte-order mark and carriage returns are dropped.

    Raises:
        DataError: The file is missing, too large, or not UTF-8.
    """
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise DataError("text.word_list_size", file=path, limit=LARGEST_FILE)
        content = path.read_bytes()
    except OSError as error:
        raise DataError("text.no_word_list", file=path, reason=error.strerror or error) from error
    try:
        lines = content.decode("utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise DataError("text.word_list_encoding", file=path, line=line, byte=content[error.start]) from error
    return [line.removesuffix("\r") for line in (lines if lines[-1] else lines[:-1])]


def read_vocabulary(path: Path) -> list[str]:
    """A piece a line, in the order of ids.

    Raises:
        DataError: The file is missing, too large, empty, not UTF-8, or a piece stands twice.
    """
    first: dict[str, int] = {}
    for number, piece in enumerate(read_lines(path), 1):
        if first.setdefault(piece, number) != number:
            raise DataError("text.piece_twice", file=path, line=number, found=repr(piece), first=first[piece])
    if not first:
        raise DataError("text.vocabulary_empty", file=path)
    return list(first)


def read_dictionary(path: Path) -> list[Entry]:
    """A user dictionary in the form of jieba: a word, perhaps its frequency, perhaps its part of speech, on each line.

    Raises:
        DataError: The file is missing, too large or not UTF-8, or a line holds no word.
    """
    entries = []
    for number, line in enumerate(read_lines(path), 1):
        stripped = line.strip()
        if not stripped:
            continue
        match = _ENTRY.match(stripped)
        if match is None:
            raise DataError("text.dictionary_line", file=path, line=number, found=repr(stripped[:60]))
        frequency = match["frequency"]
        entries.append(Entry(match["word"], None if frequency is None else int(frequency), match["tag"]))
    return entries


def dictionary_text(entries: list[Entry]) -> str:
    """Entries as `read_dictionary` reads them."""
    return "".join(" ".join(str(part) for part in entry if part is not None) + "\n" for entry in entries)
