"""What the tests of readers share: write a file, read it, look at what came of it."""

from __future__ import annotations

import gzip
import io
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tengjia.data.example import Example
from tengjia.data.rejects import CollectedRejects
from tengjia.registry import readers


@dataclass
class Outcome:
    """Examples, and the rejects and notes as `(code, line)`."""

    examples: list[Example]
    rejected: list[tuple[str, int]]
    noted: list[str]
    records: CollectedRejects

    @property
    def spans(self) -> list[list[tuple[str, str]]]:
        """Of each example: `(surface, type)`."""
        return [[(e.text[s.start : s.end], s.type) for s in e.spans] for e in self.examples]

    @property
    def texts(self) -> list[str]:
        return [example.text for example in self.examples]


def read(path: Path, name: str, **values: Any) -> Outcome:
    """Everything that a reader makes of a path."""
    collected = CollectedRejects()
    examples = list(readers.build({"name": name, **values}).read(path, collected))
    rejected = [(r.problem.code, r.problem.line) for r in collected.records if r.kind == "reject"]
    noted = [r.problem.code for r in collected.records if r.kind == "note"]
    return Outcome(examples, rejected, noted, collected)


def written(folder: Path, content: str | bytes, name: str = "corpus.txt") -> Path:
    """A file with that content."""
    path = folder / name
    path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    return path


def packed(folder: Path, members: dict[str, str | bytes], name: str = "corpus.zip") -> Path:
    """A zip archive of those files."""
    path = folder / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, content in members.items():
            archive.writestr(member, content)
    return path


def gzipped(content: str | bytes) -> bytes:
    return gzip.compress(content.encode("utf-8") if isinstance(content, str) else content, mtime=0)


def workbook(rows: list[list[Any]], sheet: str = "Sheet") -> bytes:
    """An .xlsx file of one sheet."""
    import openpyxl

    book = openpyxl.Workbook()
    page = book.active
    page.title = sheet
    for row in rows:
        page.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
