"""brat's stand-off format: a folder of texts (`.txt`), each with its annotations beside it (`.ann`)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar, Literal

from tengjia.config.parameters import Limits
from tengjia.contracts import Rejects
from tengjia.data.brat_files import Mark, documents, fitted, marks, whole_text
from tengjia.data.example import Example, Span
from tengjia.data.lines import nonempty
from tengjia.data.options import at_least_one
from tengjia.data.spans import BadRow, checked_text, settle
from tengjia.registry import readers


@readers.register("brat")
class Brat:
    """Reads one example a document, or a line of it. Relations, events and attributes are not read: that is told.

    A span of several pieces goes to the rejects by itself; its document stays.
    """

    limits: ClassVar[Limits] = {"max_document": (1, None)}

    @dataclass(frozen=True)
    class Config:
        unit: Literal["document", "line"] = "document"
        """What an example is. A span over the end of a line is set aside when it is a line."""

        overlap: Literal["error", "longest"] = "error"
        """What becomes of overlapping spans: the example is refused, or the longest are kept."""

        encoding: str = "auto"
        """Codec of the files, or `auto`."""

        max_document: int = 10000000
        """Characters that a document may have."""

    def __init__(self, config: Config) -> None:
        self.config = config
        at_least_one(max_document=config.max_document)

    def read(self, path: Path, rejects: Rejects) -> Iterator[Example]:
        """Yield the documents of a folder (with those inside it), of a zip archive or a folder in one, or one file."""
        return nonempty(self._examples(path, rejects), path)

    def _examples(self, path: Path, rejects: Rejects) -> Iterator[Example]:
        config = self.config
        for source, annotation in documents(path, rejects):
            try:
                text = whole_text(source, rejects, encoding=config.encoding, limit=config.max_document)
            except BadRow as fault:
                rejects.add(fault.code, file=source.name, line=1, text="", **fault.values)
                continue
            spans: list[Span] = []
            if annotation is None:
                rejects.note("data.no_annotation", file=source.name, line=1)
            else:
                found = marks(annotation, rejects, encoding=config.encoding)
                text = fitted(text, found)
                spans = self._spans(text, found, annotation.name, rejects)
            yield from self._given(text, spans, source.name, rejects)

    def _spans(self, text: str, found: list[Mark], file: str, rejects: Rejects) -> list[Span]:
        spans = []
        for mark in found:
            try:
                span = mark.span(text)
                if self.config.unit == "line" and "\n" in text[span.start : span.end]:
                    raise BadRow("data.span_over_lines", found=mark.surface[:60])
                spans.append(span)
            except BadRow as fault:
                rejects.add(fault.code, file=file, line=mark.line, text=mark.surface, **fault.values)
        return spans

    def _given(self, text: str, spans: list[Span], file: str, rejects: Rejects) -> Iterator[Example]:
        """The examples of a document: itself, or its lines, each with the spans that lie in it."""
        ordered, at = sorted(spans), 0
        for number, start, piece in _pieces(text, self.config.unit):
            end = start + len(piece)
            inside = []
            while at < len(ordered) and ordered[at].start < end:
                inside.append(Span(ordered[at].start - start, ordered[at].end - start, ordered[at].type))
                at += 1
            example = Example(piece, (), file, number)
            try:
                checked_text(piece)
                yield replace(example, spans=settle(example, inside, overlap=self.config.overlap, rejects=rejects))
            except BadRow as fault:
                rejects.add(fault.code, file=file, line=number, text=piece, **fault.values)


def _pieces(text: str, unit: str) -> Iterator[tuple[int, int, str]]:
    """Line number, offset and text of each example of a document; blank lines are left out."""
    if unit == "document":
        yield 1, 0, text
        return
    offset = 0
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield number, offset, line.removesuffix("\r")
        offset += len(line) + 1
