"""PDF, Word and HTML documents as texts: one example a paragraph, which knows its page and its number.

    from tengjia.data.documents import convert
    for example in convert(Path("report.pdf"), rejects):
        example.text, example.extra["page"], example.extra["paragraph"]

The reader `documents` does the same for a corpus. PDF and Word need the extra `documents`.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tengjia.contracts import Rejects
from tengjia.data.archives import missing
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


def convert(path: Path, rejects: Rejects) -> Iterator[Example]:
    """Yield the paragraphs of a document, with `extra["page"]`, `["paragraph"]` (from 1) and `["kind"]`.

    Args:
        path: A file whose name ends as `FORMATS` says.
        rejects: Takes paragraphs that cannot be used, and is told of pages without text.

    Raises:
        DataError: The file is missing, damaged, encrypted, or of another kind.
        EnvironmentFault: The package that reads this kind is not installed.
    """
    if not path.is_file():
        raise missing(path) if not path.exists() else DataError("data.not_a_file", file=path)
    name = FORMATS.get(path.suffix.lower())
    if name is None:
        raise DataError("data.unknown_document", file=path, found=path.suffix, allowed=", ".join(FORMATS))
    paragraphs = importlib.import_module(f"tengjia.data.documents.{name}").paragraphs
    for number, paragraph in enumerate(paragraphs(path, rejects), 1):
        extra = {"page": str(paragraph.page), "paragraph": str(number), "kind": paragraph.kind}
        try:
            yield Example(checked_text(paragraph.text), (), str(path), number, extra=extra)
        except BadRow as fault:
            rejects.add(fault.code, file=path, line=number, text=paragraph.text, **fault.values)
