"""Rows of files that may be anything: tables (CSV, TSV) and JSON (lines, arrays), each with file and line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, Final

from tengjia.contracts import Rejects
from tengjia.data.archives import locate
from tengjia.data.delimited import detect_delimiter, records
from tengjia.data.json_rows import MISSING, lookup, parsed_row
from tengjia.data.json_stream import json_values
from tengjia.data.lines import good_lines
from tengjia.data.spans import BadRow
from tengjia.errors import DataError
from tengjia.graph.identifiers import shown

TABLES: Final = (".csv", ".tsv")
JSON: Final = (".jsonl", ".json")
LONGEST_VALUE: Final = 100_000
"""Characters of one value."""


@dataclass(frozen=True)
class Row:
    """One row with its place."""

    file: str
    line: int
    values: Mapping[str, Any]
    text: str
    """As it stands in the file, for the rejects."""

    def all(self, key: str) -> list[str]:
        """The values of a column or key (`fields.features`), blanks around them dropped; none where it is empty.

        Raises:
            BadRow: The value is neither a text, a number nor a list of these; or too long; or holds a NUL.
        """
        found = lookup(self.values, key)
        if found is MISSING or found is None:
            return []
        return [value for each in (found if isinstance(found, list) else [found]) if (value := _text(each, key))]

    def one(self, key: str) -> str:
        """The only value of a column, or an empty text.

        Raises:
            BadRow: There are several.
        """
        found = self.all(key)
        if len(found) > 1:
            raise BadRow("graph.several_values", column=key, found=shown(found))
        return found[0] if found else ""


def read_rows(path: Path, rejects: Rejects) -> Iterator[Row]:
    """The rows of a file, in its order; those that make no sense go to the rejects.

    Raises:
        DataError: The file is missing, empty, of an unknown kind, or no text.
    """
    kind = next((suffix for suffix in reversed(path.suffixes) if suffix.lower() != ".gz"), "").lower()
    if kind in TABLES:
        return _table(path, rejects)
    if kind in JSON:
        return _json(path, rejects)
    raise DataError("graph.unknown_kind", file=path, found=kind or path.name, allowed=", ".join((*TABLES, *JSON)))


def _table(path: Path, rejects: Rejects) -> Iterator[Row]:
    source = locate(path)
    lines = good_lines(source, rejects)
    first = next(((number, line) for number, line in lines if line.strip()), None)
    if first is None:
        raise DataError("data.no_examples", file=path)
    header: list[str] = []
    found = records(chain([first], lines), rejects, file=source.name, delimiter=detect_delimiter(first[1]))
    for number, cells, text in found:
        if not header:
            header = [cell.strip() for cell in cells]
            twice = sorted({name for name in header if header.count(name) > 1})
            if twice:
                count = header.count(twice[0])
                raise DataError("data.ambiguous_column", file=path, line=number, found=twice[0], count=count)
        elif len(cells) != len(header):
            values = {"found": len(cells), "expected": len(header)}
            rejects.add("data.wrong_width", file=source.name, line=number, text=text, **values)
        else:
            yield Row(source.name, number, dict(zip(header, cells)), text)


def _json(path: Path, rejects: Rejects) -> Iterator[Row]:
    source = locate(path)
    for number, text in json_values(source, rejects):
        if not text.strip():
            continue
        try:
            values = parsed_row(text)
        except BadRow as fault:
            rejects.add(fault.code, file=source.name, line=number, text=text, **fault.values)
            continue
        assert isinstance(values, Mapping)
        yield Row(source.name, number, values, text)


def _text(value: Any, key: str) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise BadRow("graph.no_text", column=key, found=shown(value))
    words = str(value).strip()
    if len(words) > LONGEST_VALUE:
        raise BadRow("graph.too_long", column=key, found=len(words), limit=LONGEST_VALUE)
    if "\x00" in words or any("\ud800" <= character <= "\udfff" for character in words):
        raise BadRow("graph.no_character", column=key, found=shown(words))
    return words
