"""CSV and TSV: a text a row, with a column for its class or for its spans (as JSON)."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, ClassVar, Literal

from tengjia.config.parameters import Limits
from tengjia.contracts import Rejects
from tengjia.data.archives import locate
from tengjia.data.delimited import DELIMITERS, detect_delimiter, records
from tengjia.data.example import Example
from tengjia.data.lines import good_lines, nonempty
from tengjia.data.options import at_least_one, of_length
from tengjia.data.spans import BadRow
from tengjia.data.tables import Columns, Table
from tengjia.registry import readers


@readers.register("csv")
class Csv:
    """Reads one example a record. A record with more or fewer fields than the first is refused, never shifted."""

    limits: ClassVar[Limits] = {"fields": (1, None), "max_lines": (1, None), "max_line": (1, None)}

    @dataclass(frozen=True)
    class Config:
        text: str = "text"
        """Column of the text, by its name in the header or its number from 0."""

        label: str | None = "label"
        """Column of the class; a file without it counts as unlabelled, and that is told; null: there is none."""

        spans: str | None = None
        """Column of the spans: a JSON list of `[start, end, type]` or of objects with these keys."""

        extra: tuple[str, ...] = ()
        """Further columns to keep with the example (a second text, a group, a score)."""

        header: bool = True
        """Whether the first row names the columns."""

        delimiter: Literal["auto", "comma", "tab", "semicolon", "pipe", "space"] = "auto"
        """Between fields; `auto`: the first of tab, comma, semicolon and bar that the first line holds."""

        quote: str = '"'
        """The quotation mark; empty if it is a character like any other (QUOTE_NONE)."""

        fields: int | None = None
        """Number of fields if the last takes the rest of the line, delimiters and all (`class text of words`)."""

        max_lines: int = 100
        """Lines that a quoted record may go over."""

        overlap: Literal["error", "longest"] = "error"
        """What becomes of overlapping spans: the row is refused, or the longest are kept."""

        encoding: str = "auto"
        """Codec of the file, or `auto`."""

        max_line: int = 1000000
        """Characters that a line, or a record that goes over lines, may have."""

    def __init__(self, config: Config) -> None:
        self.config = config
        at_least_one(fields=config.fields, max_lines=config.max_lines, max_line=config.max_line)
        of_length("quote", config.quote, 0, 1, "one character, or none")
        # The limit of the standard library (131,072) holds for the whole process; ours is per line.
        csv.field_size_limit(max(csv.field_size_limit(), config.max_line))

    def read(self, path: Path, rejects: Rejects) -> Iterator[Example]:
        """Yield the rows of a file (plain, `.gz`, or a member of a zip archive)."""
        return nonempty(self._examples(path, rejects), path)

    def _examples(self, path: Path, rejects: Rejects) -> Iterator[Example]:
        config, source = self.config, locate(path)
        wanted = Columns(config.text, config.label, config.spans, config.extra)
        table: Table | None = None
        for number, cells, line in self._records(path, rejects):
            if table is None:
                place: dict[str, Any] = {"header": config.header, "file": source.name, "line": number}
                table = Table(wanted, cells, rejects=rejects, **place)
                if config.header:
                    continue
            try:
                yield table.example(cells, number, config.overlap, rejects)
            except BadRow as fault:
                rejects.add(fault.code, file=source.name, line=number, text=line, **fault.values)

    def _records(self, path: Path, rejects: Rejects) -> Iterator[tuple[int, list[str], str]]:
        config, source = self.config, locate(path)
        lines = good_lines(source, rejects, encoding=config.encoding, max_line=config.max_line)
        first = next(((number, line) for number, line in lines if line.strip()), None)
        if first is None:
            return
        auto = config.delimiter == "auto"
        delimiter = detect_delimiter(first[1]) if auto else DELIMITERS[config.delimiter]
        yield from records(
            chain([first], lines),
            rejects,
            file=source.name,
            delimiter=delimiter,
            quote=config.quote,
            fields=config.fields,
            max_lines=config.max_lines,
            max_length=config.max_line,
        )
