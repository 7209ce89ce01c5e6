"""JSON lines with spans by type and surface, as in CLUENER2020.

{"text": "...", "label": {"name": {"叶老桂": [[9, 11]]}, "company": {"浙商银行": [[0, 3]]}}}
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar, Literal

from tengjia.config.parameters import Limits
from tengjia.contracts import Rejects
from tengjia.data.archives import locate
from tengjia.data.example import Example, Span
from tengjia.data.json_rows import MISSING, Row, extras, lookup, missing_key, parsed_row, required
from tengjia.data.json_stream import json_values
from tengjia.data.lines import nonempty
from tengjia.data.offsets import Offsets
from tengjia.data.options import at_least_one
from tengjia.data.spans import BadRow, checked_span, checked_surface, checked_text, settle, shown
from tengjia.registry import readers

_LAYOUT = "{type: {surface: [[start, end], ...]}}"


@readers.register("json_spans")
class JsonSpans:
    """Reads one example a line; every span is compared with the surface it is filed under."""

    limits: ClassVar[Limits] = {"max_line": (1, None)}

    @dataclass(frozen=True)
    class Config:
        text: str = "text"
        """Key of the text; dots lead inside (`data.text`)."""

        label: str = "label"
        """Key of the spans; a row without it counts as unlabelled, and that is told."""

        ends: Literal["inclusive", "exclusive"] = "inclusive"
        """Whether the second offset is the last character of a span or the one after it."""

        offsets: Literal["characters", "utf16", "utf8"] = "characters"
        """What offsets count: characters (code points), UTF-16 units (JavaScript, Java), or UTF-8 bytes."""

        check_surface: bool = True
        """Whether a span that does not cover its surface is an error; else the offsets are believed."""

        overlap: Literal["error", "longest"] = "error"
        """What becomes of overlapping spans: the row is refused, or the longest are kept."""

        extra: tuple[str, ...] = ()
        """Further keys to keep with the example."""

        encoding: str = "auto"
        """Codec of the file, or `auto`."""

        max_line: int = 1000000
        """Characters that a line (or an element of an array) may have."""

    def __init__(self, config: Config) -> None:
        self.config = config
        at_least_one(max_line=config.max_line)

    def read(self, path: Path, rejects: Rejects) -> Iterator[Example]:
        """Yield the examples of a file (plain, `.gz`, or a member of a zip archive)."""
        return nonempty(self._examples(path, rejects), path)

    def _examples(self, path: Path, rejects: Rejects) -> Iterator[Example]:
        config, source = self.config, locate(path)
        for number, value in json_values(source, rejects, encoding=config.encoding, max_line=config.max_line):
            try:
                yield self._example(parsed_row(value), source.name, number, rejects)
            except BadRow as fault:
                rejects.add(fault.code, file=source.name, line=number, text=value, **fault.values)

    def _example(self, row: Row, file: str, number: int, rejects: Rejects) -> Example:
        config = self.config
        text = checked_text(required(row, config.text, "text"))
        example = Example(text, (), file, number, extra=extras(row, config.extra))
        label = lookup(row, config.label)
        if label is MISSING or label is None:
            values = missing_key(row, config.label, "label")
            rejects.note("data.missing_spans", file=file, line=number, text=text, **values)
            return example
        spans = list(self._spans(text, label))
        return replace(example, spans=settle(example, spans, overlap=config.overlap, rejects=rejects))

    def _spans(self, text: str, label: object) -> Iterator[Span]:
        if not isinstance(label, dict):
            raise BadRow("data.bad_spans", found=shown(label), allowed=_LAYOUT)
        offsets = Offsets(text, self.config.offsets, inclusive=self.config.ends == "inclusive")
        for name, surfaces in label.items():
            if not isinstance(surfaces, dict):
                raise BadRow("data.bad_spans", found=shown(surfaces), allowed=_LAYOUT)
            for surface, places in surfaces.items():
                for place in places if isinstance(places, list) else [places]:
                    if not isinstance(place, list) or len(place) != 2:
                        raise BadRow("data.bad_spans", found=shown(place), allowed=_LAYOUT)
                    span = checked_span(text, *offsets.characters(*place), name)
                    if self.config.check_surface:
                        checked_surface(text, span, surface)
                    yield span
