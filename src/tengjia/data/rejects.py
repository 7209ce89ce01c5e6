"""Rows that cannot be used: set aside in a file, counted, and too many of them stop the run.

The file holds one JSON object a line: `kind` (`reject`, or `note` for what was mended or is merely told), `code`,
`message`, `file`, `line`, `text`. A worker process uses `CollectedRejects`, whose content the parent merges.
"""

from __future__ import annotations

import contextlib
import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final

from tengjia.errors import DataError, Problem
from tengjia.utilities.files import written_atomically

TEXT_KEPT: Final = 500
"""Characters of a rejected row that are kept."""

NOTES_KEPT: Final = 1000
"""Notes of one code that are written; all are counted."""


@dataclass(frozen=True)
class Record:
    """One row that was set aside, or one thing that is told of a row."""

    kind: str
    problem: Problem
    text: str

    def as_json(self) -> str:
        """The line of the rejects file."""
        problem = self.problem
        content = {
            "kind": self.kind,
            "code": problem.code,
            "message": problem.message,
            "file": problem.file,
            "line": problem.line,
            "text": self.text,
        }
        return json.dumps(content, ensure_ascii=False)


def _record(kind: str, code: str, file: object, line: int, text: str, values: dict[str, Any]) -> Record:
    # What comes from a hostile file may hold lone surrogates, which no UTF-8 file can.
    def clean(value: Any) -> Any:
        return value.encode("utf-8", "backslashreplace").decode() if isinstance(value, str) else value

    named = {name: clean(value) for name, value in values.items()}
    return Record(kind, Problem(code, str(file), line, values=named), clean(text[:TEXT_KEPT]))


@dataclass
class CollectedRejects:
    """Rejects of a worker process: kept in memory, plain data, to be merged by the parent in the order of the rows."""

    records: list[Record] = field(default_factory=list)

    def add(self, code: str, *, file: object, line: int, text: str, **values: Any) -> None:
        """Set one row aside."""
        self.records.append(_record("reject", code, file, line, text, values))

    def note(self, code: str, *, file: object, line: int = 0, text: str = "", **values: Any) -> None:
        """Tell what was mended or found out, without setting anything aside."""
        self.records.append(_record("note", code, file, line, text, values))


class RejectsFile:
    """The rejects of a run. Use it as a context manager: the file appears at the end, also when the run fails.

    Args:
        path: The JSON lines file, written only if there is something to tell; `None` writes none.
        max_rejects: How many rows may be set aside; `None` for any number.
    """

    def __init__(self, path: Path | None = None, max_rejects: int | None = 0) -> None:
        self.path = path
        self.max_rejects = max_rejects
        self.rejected: Counter[str] = Counter()
        """Rows set aside, by code."""
        self.noted: Counter[str] = Counter()
        """Things told, by code."""
        self._first: Record | None = None
        self._stack = contextlib.ExitStack()
        self._file: IO[str] | None = None

    @property
    def count(self) -> int:
        """How many rows were set aside."""
        return self.rejected.total()

    def add(self, code: str, *, file: object, line: int, text: str, **values: Any) -> None:
        """Set one row aside.

        Raises:
            DataError: More than `max_rejects` were set aside.
        """
        self._take(_record("reject", code, file, line, text, values))

    def note(self, code: str, *, file: object, line: int = 0, text: str = "", **values: Any) -> None:
        """Tell what was mended or found out, without setting anything aside."""
        self._take(_record("note", code, file, line, text, values))

    def merge(self, collected: CollectedRejects) -> None:
        """Take in what a worker process collected.

        Raises:
            DataError: More than `max_rejects` were set aside.
        """
        for record in collected.records:
            self._take(record)

    def summary(self) -> str:
        """The counts in words: `data.bad_json 3, data.repaired_tags 12`."""
        both = self.rejected + self.noted
        return ", ".join(f"{code} {number}" for code, number in sorted(both.items()))

    def close(self) -> None:
        """Put the file in its place."""
        self._stack.close()
        self._file = None

    def __enter__(self) -> RejectsFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _take(self, record: Record) -> None:
        counter = self.rejected if record.kind == "reject" else self.noted
        counter[record.problem.code] += 1
        if record.kind == "reject" or counter[record.problem.code] <= NOTES_KEPT:
            self._write(record)
        if record.kind == "reject":
            self._first = self._first or record
            if self.max_rejects is not None and self.count > self.max_rejects:
                raise self._too_many()

    def _write(self, record: Record) -> None:
        if self.path is None:
            return
        if self._file is None:
            self._file = self._stack.enter_context(written_atomically(self.path, "w"))
        self._file.write(record.as_json() + "\n")

    def _too_many(self) -> DataError:
        assert self._first is not None
        first = self._first.problem
        return DataError(
            "data.too_many_rejects",
            file=first.file,
            line=first.line,
            count=self.count,
            allowed=self.max_rejects,
            summary=", ".join(f"{code} {number}" for code, number in sorted(self.rejected.items())),
            first=f"{first.where}: {first.message}",
            rejects=self.path or "-",
        )
