"""Excel workbooks (.xlsx): a text a row, with a column for its class or for its spans. Needs the extra `excel`."""

from __future__ import annotations

import contextlib
import datetime
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from tengjia.contracts import Rejects
from tengjia.data.example import Example
from tengjia.data.lines import nonempty
from tengjia.data.office import opened_office_file
from tengjia.data.spans import BadRow
from tengjia.data.tables import Columns, Table
from tengjia.errors import DataError, EnvironmentFault
from tengjia.registry import readers
from tengjia.utilities.nearest import nearest

MAX_COLUMNS: Final = 256


@readers.register("excel")
class Excel:
    """Reads one example a row of one sheet, in openpyxl's read-only mode; line numbers are row numbers."""

    @dataclass(frozen=True)
    class Config:
        text: str = "text"
        """Column of the text, by its name in the header or its number from 0."""

        label: str | None = "label"
        """Column of the class; a sheet without it counts as unlabelled, and that is told; null: there is none."""

        spans: str | None = None
        """Column of the spans: a JSON list of `[start, end, type]` or of objects with these keys."""

        extra: tuple[str, ...] = ()
        """Further columns to keep with the example."""

        header: bool = True
        """Whether the first row that is not empty names the columns."""

        sheet: str = ""
        """Name of the sheet; empty for the first."""

        overlap: Literal["error", "longest"] = "error"
        """What becomes of overlapping spans: the row is refused, or the longest are kept."""

    def __init__(self, config: Config) -> None:
        self.config = config

    def read(self, path: Path, rejects: Rejects) -> Iterator[Example]:
        """Yield the rows of a workbook (also one in a zip archive).

        Raises:
            EnvironmentFault: openpyxl is not installed.
        """
        return nonempty(self._examples(path, rejects), path)

    def _examples(self, path: Path, rejects: Rejects) -> Iterator[Example]:
        config = self.config
        wanted = Columns(config.text, config.label, config.spans, config.extra)
        table: Table | None = None
        for number, cells in _rows(path, config.sheet):
            if not any(cells):
                continue
            if table is None:
                while cells and not cells[-1]:
                    cells.pop()
                table = Table(wanted, cells, header=config.header, file=str(path), line=number, rejects=rejects)
                if config.header:
                    continue
            # Empty cells at the end of a row are not always stored.
            trimmed = (cells + [""] * table.width)[: table.width] if not any(cells[table.width :]) else cells
            try:
                yield table.example(trimmed, number, config.overlap, rejects)
            except BadRow as fault:
                rejects.add(fault.code, file=path, line=number, text=" | ".join(cells), **fault.values)


def _rows(path: Path, sheet: str) -> Iterator[tuple[int, list[str]]]:
    """Row numbers and cells as strings."""
    try:
        import openpyxl
    except ImportError:
        raise EnvironmentFault("data.missing_package", found="openpyxl", extra="excel") from None
    with contextlib.ExitStack() as stack:
        file = stack.enter_context(opened_office_file(path))
        number = 0
        # The parser of a hostile file may raise nearly anything: whatever it is, the file is damaged.
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
            stack.callback(book.close)
            rows = _sheet(book, sheet, path).iter_rows(max_col=MAX_COLUMNS, values_only=True)
            while (row := _following(rows)) is not None:
                number += 1
                yield number, [_as_text(value) for value in row]
        except (DataError, GeneratorExit):
            raise
        except Exception as error:
            reason = f"{type(error).__name__}: {str(error)[:200]}"
            raise DataError("data.damaged_archive", file=path, line=number + 1, reason=reason) from error


def _following(rows: Iterator[Any]) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return next(rows, None)


def _sheet(book: Any, name: str, path: Path) -> Any:
    names = [sheet.title for sheet in book.worksheets]
    if not names or (name and name not in names):
        close = ", ".join(nearest(name, names)) or "-"
        raise DataError("data.no_sheet", file=path, found=name or "-", allowed=", ".join(names) or "-", nearest=close)
    sheet = book[name or names[0]]
    # What a file says of its own size is often wrong, and would cut it.
    sheet.reset_dimensions()
    return sheet


def _as_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime.datetime | datetime.date | datetime.time):
        return value.isoformat()
    return str(value)
