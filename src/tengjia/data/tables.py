"""Rows of cells, from CSV files or Excel sheets, made into examples by the names or numbers of their columns."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tengjia.contracts import Rejects
from tengjia.data.example import Example, Span
from tengjia.data.spans import BadRow, checked_label, checked_span, checked_text, settle, shown
from tengjia.errors import DataError
from tengjia.utilities.nearest import nearest

_LAYOUT = "a JSON list of [start, end, type] or {start, end, type}"


@dataclass(frozen=True)
class Columns:
    """Which columns hold what, by name or number (from 0), as the config says it."""

    text: str
    label: str | None
    spans: str | None
    extra: tuple[str, ...]


class Table:
    """Knows where the columns of one file are.

    Args:
        columns: What is wanted.
        first: The cells of the first row.
        header: Whether those are names.
        file: For messages.
        line: Line of the first row.
        rejects: Is told when the file has no labels or spans.

    Raises:
        DataError: The text column, or an extra one, is not there; or two columns bear one name that is wanted.
    """

    def __init__(
        self, columns: Columns, first: Sequence[str], *, header: bool, file: str, line: int, rejects: Rejects
    ) -> None:
        self.file, self.width = file, len(first)
        self._names = list(first) if header else [str(number) for number in range(len(first))]
        self._line = line
        self.text = self._required(columns.text, "text")
        self.label = self._optional(columns.label, "label", rejects)
        self.spans = self._optional(columns.spans, "spans", rejects)
        self.extra = {name: self._required(name, "extra") for name in columns.extra}

    def example(self, cells: Sequence[str], line: int, overlap: str, rejects: Rejects) -> Example:
        """The example of a row.

        Raises:
            BadRow: It has more or fewer cells than the first row, or a cell is not what its column promises.
        """
        if len(cells) != self.width:
            raise BadRow("data.wrong_width", found=len(cells), expected=self.width)
        text = checked_text(cells[self.text])
        label = None if self.label is None else checked_label(cells[self.label])
        extra = {name: checked_text(cells[at]) for name, at in self.extra.items() if cells[at]}
        example = Example(text, (), self.file, line, label=label, extra=extra)
        if self.spans is None or not cells[self.spans].strip():
            return example
        spans = _spans(text, cells[self.spans])
        return replace(example, spans=settle(example, spans, overlap=overlap, rejects=rejects))

    def _find(self, name: str) -> int | None:
        places = [at for at, known in enumerate(self._names) if known.strip() == name]
        if len(places) > 1:
            raise DataError("data.ambiguous_column", file=self.file, line=self._line, found=name, count=len(places))
        if places:
            return places[0]
        return int(name) if name.isdecimal() and len(name) < 5 and int(name) < self.width else None

    def _required(self, name: str, option: str) -> int:
        at = self._find(name)
        if at is None:
            raise DataError("data.no_column", file=self.file, line=self._line, **self._missing(name, option))
        return at

    def _optional(self, name: str | None, option: str, rejects: Rejects) -> int | None:
        at = None if name is None else self._find(name)
        if name is not None and at is None:
            rejects.note("data.absent_column", file=self.file, line=self._line, **self._missing(name, option))
        return at

    def _missing(self, name: str, option: str) -> Mapping[str, Any]:
        close = ", ".join(nearest(name, self._names[:100])) or "-"
        return {"found": name, "allowed": shown(", ".join(self._names[:20]), 200), "nearest": close, "option": option}


def _spans(text: str, cell: str) -> list[Span]:
    try:
        entries = json.loads(cell)
    except (ValueError, RecursionError):
        raise BadRow("data.bad_spans", found=shown(cell), allowed=_LAYOUT) from None
    if not isinstance(entries, list):
        raise BadRow("data.bad_spans", found=shown(entries), allowed=_LAYOUT)
    spans = []
    for entry in entries:
        if isinstance(entry, dict) and {"start", "end", "type"} <= entry.keys():
            entry = [entry["start"], entry["end"], entry["type"]]
        if not isinstance(entry, list) or len(entry) != 3:
            raise BadRow("data.bad_spans", found=shown(entry), allowed=_LAYOUT)
        spans.append(checked_span(text, *entry))
    return spans
