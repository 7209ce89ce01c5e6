"""JSON values of a file one by one, in constant memory: one a line, or the elements of an array of any size.

An array may stand alone or under a key of an object (`{"train": [...], "test": [...]}`), on one line or indented over
many. Only the text of one element is held at a time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from tengjia.contracts import Rejects
from tengjia.data.archives import Source
from tengjia.data.encodings import detect
from tengjia.data.lines import BLOCK, SHOWN, good_lines, text_blocks
from tengjia.errors import DataError

_OUTSIDE: Final = re.compile(r'["{}\[\]]')
_INSIDE: Final = re.compile(r'["\\]')
_ARRAY: Final = re.compile(r"\s*\[\s*(?:[{\[\]]|\Z)")
_UNFINISHED: Final = re.compile(r"\s*\{\s*\Z")


def json_values(
    source: Source, rejects: Rejects, *, encoding: str = "auto", max_line: int = 1_000_000, records: str = ""
) -> Iterator[tuple[int, str]]:
    """Yield `(line at which it begins, text)` of each value; the text need not be valid JSON.

    Args:
        source: The file.
        rejects: Takes values that are too long, and what stands between them.
        encoding: A codec name or `"auto"`.
        max_line: Characters that a value may have.
        records: Key of the array in a file that is one object; empty for lines of JSON, or a file that is an array.

    Raises:
        DataError: The file is missing, empty, binary, damaged, or has no array under the key `records`.
    """
    if not records and _is_lines(source, encoding):
        for number, line in good_lines(source, rejects, encoding=encoding, max_line=max_line):
            if line.strip():
                yield number, line
        return
    scanner = _Scanner(source, rejects, max_line, records)
    for block in text_blocks(source, rejects, encoding=encoding):
        yield from scanner.feed(block)
    scanner.finish()


def _is_lines(source: Source, encoding: str) -> bool:
    """Whether each line is a value of its own; else values are arrays or objects that go over lines."""
    detected = detect(source, encoding)
    with source.open() as stream:
        head = stream.read(BLOCK)[detected.mark :].decode(detected.encoding, "replace").lstrip()
    first = head.partition("\n")[0]
    return not (_ARRAY.match(head[:1000]) or _UNFINISHED.match(first))


class _Scanner:
    """Finds where values begin and end; knows strings and brackets, and leaves the rest to the JSON parser."""

    def __init__(self, source: Source, rejects: Rejects, limit: int, records: str) -> None:
        self.source, self.rejects, self.limit, self.records = source, rejects, limit, records
        self.line, self.depth, self.in_string, self.found = 1, 0, False, not records
        # Depth at which wanted values stand: 0 in a stream, 1 in an array, 2 under a key; None: not there (yet).
        self.base: int | None = None if records else 0
        self.begun = 0
        """Line at which the open value begins; 0 when none is open."""
        self.pieces: list[str] = []
        self.length = 0
        self.key = ""
        self.waiting = ""

    def feed(self, text: str) -> Iterator[tuple[int, str]]:
        """Take in a block; yield the values that it completes."""
        text, self.waiting, at = self.waiting + text, "", 0
        while at < len(text):
            match = (_INSIDE if self.in_string else _OUTSIDE).search(text, at)
            if match is None:
                self._keep(text[at:])
                return
            mark, end = match.group(), match.end()
            if mark == "\\" and end == len(text):
                # What the backslash escapes stands in the next block.
                self._keep(text[at : end - 1])
                self.waiting = mark
                return
            if mark == "\\":
                self._keep(text[at : end + 1])
                at = end + 1
                continue
            self._keep(text[at : end - 1])
            at = end
            if mark == '"':
                self._quote()
            elif mark in "[{":
                self._open(mark)
            else:
                yield from self._close(mark)

    def finish(self) -> None:
        """Say that the file has ended.

        Raises:
            DataError: It ends within a value or an array, or the key `records` was not there.
        """
        if self.begun or self.depth or self.in_string:
            raise DataError("data.cut_off", file=self.source.name, line=self.begun or self.line)
        if not self.found:
            raise DataError("data.no_records", file=self.source.name, key="reader.records", found=self.records)
        self._end_gap()

    def _keep(self, text: str) -> None:
        self.line += text.count("\n")
        if self.begun:
            self.length += len(text)
            if self.length <= self.limit:
                self.pieces.append(text)
        elif self.base is not None and (rest := text.strip(" \t\r\n,")) and self.length < SHOWN:
            self.pieces.append(rest)
            self.length += len(rest)
        elif self.in_string and self.depth == 1:
            self.key += text[:SHOWN]

    def _quote(self) -> None:
        self.in_string = not self.in_string
        if self.in_string:
            self.key = ""
        self._keep('"' if self.begun or self.base is not None else "")

    def _open(self, mark: str) -> None:
        if self.base == 0 and self.depth == 0 and mark == "[":
            self._end_gap()
            self.base = 1
        elif self.base is None and self.depth == 1 and mark == "[" and self.key == self.records:
            self.base, self.found = 2, True
        elif self.depth == self.base:
            self._end_gap()
            self.begun, self.length = self.line, 0
        self.depth += 1
        if self.begun:
            self._keep(mark)

    def _close(self, mark: str) -> Iterator[tuple[int, str]]:
        if self.begun:
            self._keep(mark)
        self.depth -= 1
        if self.begun and self.depth == self.base:
            begun, text = self.begun, "".join(self.pieces)
            too_long = self.length > self.limit
            self.begun, self.length = 0, 0
            self.pieces.clear()
            if too_long:
                place: dict[str, Any] = {"line": begun, "text": text[:SHOWN]}
                self.rejects.add("data.line_too_long", file=self.source.name, limit=self.limit, **place)
            else:
                yield begun, text
        elif self.base is not None and self.depth < self.base:
            if self.depth < 0:
                self._keep(mark)
            self._end_gap()
            self.depth = max(self.depth, 0)
            self.base = None if self.records else 0

    def _end_gap(self) -> None:
        """Between values only blanks and commas may stand."""
        if self.pieces:
            text, reason = "".join(self.pieces), "it is neither an object nor an array"
            self.rejects.add("data.bad_json", file=self.source.name, line=self.line, text=text, reason=reason)
        self.pieces.clear()
        self.length = 0
