"""Records of delimited text (CSV, TSV), in which a stray quotation mark spoils one record and not the rest of the file.

Quoting as in RFC 4180: a field in quotation marks may hold delimiters, line ends and doubled quotation marks.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from typing import Final

from tengjia.contracts import Rejects
from tengjia.data.lines import SHOWN
from tengjia.data.spans import BadRow

DELIMITERS: Final = {"comma": ",", "tab": "\t", "semicolon": ";", "pipe": "|", "space": " "}
_OPEN: Final = "unexpected end of data"

Record = tuple[int, list[str], str]
"""Line at which it begins, its fields, and its text."""


def detect_delimiter(line: str) -> str:
    """The first of tab, comma, semicolon and bar that occurs in a line; comma if none does."""
    return next((mark for mark in "\t,;|" if mark in line), ",")


def records(
    numbered: Iterator[tuple[int, str]],
    rejects: Rejects,
    *,
    file: str,
    delimiter: str,
    quote: str = '"',
    fields: int | None = None,
    max_lines: int = 100,
    max_length: int = 1_000_000,
) -> Iterator[Record]:
    """Yield the records of a file.

    Args:
        numbered: The lines with their numbers.
        rejects: Takes records with broken quoting.
        file: For messages.
        delimiter: One character.
        quote: The quotation mark; empty if it is a character like any other.
        fields: If given, the last of so many fields takes the rest of the line, delimiters and all.
        max_lines: Lines that a record may go over.
        max_length: Characters that it may have.
    """
    pending: deque[tuple[int, str]] = deque()
    source = iter(numbered)
    while True:
        if not pending and (following := next(source, None)) is not None:
            pending.append(following)
        if not pending:
            return
        number, line = pending[0]
        if not line.strip():
            pending.popleft()
            continue
        try:
            found, taken = _record(pending, source, delimiter, quote, fields, (max_lines, max_length))
            yield number, found, line
        except BadRow as fault:
            rejects.add(fault.code, file=file, line=number, text=line, **fault.values)
            taken = 1
        for _ in range(taken):
            pending.popleft()


def _record(
    pending: deque[tuple[int, str]],
    source: Iterator[tuple[int, str]],
    delimiter: str,
    quote: str,
    fields: int | None,
    limits: tuple[int, int],
) -> tuple[list[str], int]:
    """The fields of the record that begins at the first pending line, and how many lines it takes."""
    text = pending[0][1]
    if not quote or quote not in text:
        return (text.split(delimiter) if fields is None else text.split(delimiter, fields - 1)), 1
    max_lines, max_length = limits
    for taken in range(1, max_lines + 1):
        if taken > len(pending):
            following = next(source, None)
            if following is None:
                break
            pending.append(following)
        if taken > 1:
            text += "\n" + pending[taken - 1][1]
        if len(text) > max_length:
            break
        # Only a line with a quotation mark can close a field that is open.
        if taken > 1 and quote not in pending[taken - 1][1]:
            continue
        found = _parsed(text, delimiter, quote)
        if found is not None:
            return _joined(found, delimiter, fields), taken
    raise BadRow("data.open_quote", limit=max_lines, found=text[:SHOWN])


def _parsed(text: str, delimiter: str, quote: str) -> list[str] | None:
    """The fields of a text, or `None` if it ends within a quoted field."""
    try:
        return next(csv.reader([text], delimiter=delimiter, quotechar=quote, strict=True))
    except csv.Error as error:
        if _OPEN in str(error):
            return None
        raise BadRow("data.bad_quoting", reason=str(error)) from None


def _joined(found: list[str], delimiter: str, fields: int | None) -> list[str]:
    if fields is None or len(found) <= fields:
        return found
    return [*found[: fields - 1], delimiter.join(found[fields - 1 :])]
