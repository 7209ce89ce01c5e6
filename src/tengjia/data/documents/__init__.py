"""PDF, Word and HTML documents as texts: one example a paragraph, which knows its page and its number.

    from tengjia.data.documents import convert
    for example in convert(Path("report.pdf"), rejects):
        example.text, example.extra["page"], example.extra["paragraph"]

The reader `documents` does the same for a corpus. PDF and Word need the extra `documents`.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tengjia.contracts import Rejects
from tengjia.data.archives import Source, is_zip, locate, members
from tengjia.data.example import Example
from tengjia.data.spans import BadRow, checked_text
from tengjia.errors import DataError

FORMATS: Final = {
    ".pdf": "pdf",
    ".docx": "docx",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
}
"""Ending of the name -> file of this folder that converts it."""


@dataclass(frozen=True)
class Paragraph:
    """A stretch of text as the document sets it apart."""

    text: str
    page: int
    """From 1; always 1 in HTML, which has no pages."""

    kind: str = "text"
    """`text`, or `table`: a row, its cells separated by tabs."""


def format_of(name: str) -> str | None:
    """Which file of this folder converts a document of that name, which may end in `.gz` besides."""
    return FORMATS.get(Path(name.lower().removesuffix(".gz")).suffix)


def documents_under(path: Path) -> list[Path]:
    """The documents that a path means: itself, all under a folder, or all in a zip archive or a folder in one.

    Raises:
        DataError: There is nothing of the kind.
    """
    if path.is_dir():
        walked = (Path(folder, name) for folder, _, names in os.walk(path) for name in names)
        return sorted(file for file in walked if format_of(file.name))
    if format_of(path.name):
        return [path]
    archive = next((folder for folder in (path, *path.parents) if folder.is_file()), path)
    if not (archive.is_file() and is_zip(archive)):
        return [path]  # `convert` says what is wrong with it
    names = [name for name in members(archive) if format_of(name) and (archive / name).is_relative_to(path)]
    if not names:
        raise DataError("data.no_document", file=path, allowed=", ".join(FORMATS))
    return [archive / name for name in names]


def convert(path: Path, rejects: Rejects) -> Iterator[Example]:
    """Yield the paragraphs of a document, with `extra["page"]`, `["paragraph"]` (from 1) and `["kind"]`.

    Args:
        path: A file whose name ends as `FORMATS` says, also gzipped (`.pdf.gz`), or one in a zip archive
            (`archive.zip/report.pdf`).
        rejects: Takes paragraphs that cannot be used, and is told of pages without text.

    Raises:
        DataError: The file is missing, damaged, encrypted, or of another kind.
        EnvironmentFault: The package that reads this kind is not installed.
    """
    if path.is_dir():
        raise DataError("data.not_a_file", file=path)
    name = format_of(path.name)
    if name is None:
        raise DataError("data.unknown_document", file=path, found=path.suffix, allowed=", ".join(FORMATS))
    paragraphs = importlib.import_module(f"tengjia.data.documents.{name}").paragraphs
    source = Source(path) if path.is_file() else locate(path)
    for number, paragraph in enumerate(paragraphs(source, rejects), 1):
        extra = {"page": str(paragraph.page), "paragraph": str(number), "kind": paragraph.kind}
        try:
            yield Example(checked_text(paragraph.text), (), str(path), number, extra=extra)
        except BadRow as fault:
            rejects.add(fault.code, file=path, line=number, text=paragraph.text, **fault.values)
