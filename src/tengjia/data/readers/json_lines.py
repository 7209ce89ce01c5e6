"""JSON with a list of spans: `{"text": "...", "spans": [{"start": 0, "end": 2, "type": "NAME"}]}` and its kin.

One row a line, or an array of rows of any size. Where a row is itself an array, its places are named `"0"`, `"1"`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final, Literal

from tengjia.config.parameters import Limits
from tengjia.contracts import Rejects
from tengjia.data.archives import Source, locate
from tengjia.data.example import Example, Span
from tengjia.data.json_rows import MISSING, Row, extras, lookup, missing_key, parsed_row, required
from tengjia.data.json_stream import json_values
from tengjia.data.lines import nonempty
from tengjia.data.offsets import Offsets
from tengjia.data.options import at_least_one
from tengjia.data.spans import (
    BadRow,
    checked_label,
    checked_span,
    checked_surface,
    checked_text,
    settle,
    shown,
)
from tengjia.registry import readers

if TYPE_CHECKING:
    from tengjia.data.example_table import ExampleBlock

MOST_TYPES: Final = 10_000
"""Names that are remembered."""

TOGETHER: Final = 1000
"""Rows of a block."""


@readers.register("json_lines")
class JsonLines:
    """Reads one example a line. A span is an object (keys by config) or an array (places by config)."""

    limits: ClassVar[Limits] = {"max_line": (1, None)}

    @dataclass(frozen=True)
    class Config:
        text: str = "text"
        """Key of the text; dots lead inside (`data.text`)."""

        spans: str | None = "spans"
        """Key of the list of spans; a row without it counts as unlabelled, and that is told; null: there are none."""

        start: str = "start"
        """Key of the first offset in a span that is an object."""

        end: str = "end"
        """Key of the second offset."""

        type: str = "type"
        """Key of the type."""

        surface: str | None = None
        """Key of the marked words in a span, which are then compared with the text."""

        order: Literal["start_end_type", "type_start_end"] = "start_end_type"
        """Places of the parts in a span that is an array."""

        ends: Literal["exclusive", "inclusive"] = "exclusive"
        """Whether the second offset is the character after a span or its last."""

        offsets: Literal["characters", "utf16", "utf8"] = "characters"
        """What offsets count: characters (code points), UTF-16 units (JavaScript, Java), or UTF-8 bytes."""

        overlap: Literal["error", "longest"] = "error"
        """What becomes of overlapping spans: the row is refused, or the longest are kept."""

        label: str | None = None
        """Key of the class of the whole text, if there is one; a list of classes is joined by `label_separator`."""

        label_separator: str = "|"
        """What stands between the classes of a text that has several (`encoding.separator` then is the same)."""

        extra: tuple[str, ...] = ()
        """Further keys to keep with the example."""

        records: str = ""
        """Key of the array of rows in a file that is one object; empty for lines, or a file that is an array."""

        encoding: str = "auto"
        """Codec of the file, or `auto`."""

        max_line: int = 1000000
        """Characters that a line (or an element of an array) may have."""

    def __init__(self, config: Config) -> None:
        self.config = config
        at_least_one(max_line=config.max_line)
        self._types: set[str] = set()
        """Names of types that were found sound."""

    def read(self, path: Path, rejects: Rejects) -> Iterator[Example]:
        """Yield the examples of a file (plain, `.gz`, or a member of a zip archive)."""
        return nonempty(self._examples(path, rejects), path)

    def read_together(self, path: Path, rejects: Rejects) -> Iterator[Example | ExampleBlock]:
        """The same, but rows whose spans are as most are come in blocks: quicker for all who take them."""
        if self.config.label is not None or self.config.extra:
            return self.read(path, rejects)
        return nonempty(self._blocks(path, rejects), path)

    def _blocks(self, path: Path, rejects: Rejects) -> Iterator[Example | ExampleBlock]:
        from tengjia.data.example_table import Gathering

        source = locate(path)
        gathered = Gathering(source.name)
        for number, value in self._values(source, rejects):
            try:
                row = parsed_row(value, arrays=True)
                text, spans = self._found(row)
                usual = self._usual_spans(len(text), spans)
                if usual is None or len(gathered) == TOGETHER:
                    yield from gathered.taken()
                if usual is None:
                    yield self._example(row, source.name, number, rejects)
                else:
                    gathered.add(text, usual, number)
            except BadRow as fault:
                rejects.add(fault.code, file=source.name, line=number, text=value, **fault.values)
        yield from gathered.taken()

    def _examples(self, path: Path, rejects: Rejects) -> Iterator[Example]:
        source = locate(path)
        for number, value in self._values(source, rejects):
            try:
                yield self._example(parsed_row(value, arrays=True), source.name, number, rejects)
            except BadRow as fault:
                rejects.add(fault.code, file=source.name, line=number, text=value, **fault.values)

    def _values(self, source: Source, rejects: Rejects) -> Iterator[tuple[int, str]]:
        config = self.config
        options: dict[str, Any] = {"encoding": config.encoding, "max_line": config.max_line, "records": config.records}
        return json_values(source, rejects, **options)

    def _found(self, row: Row) -> tuple[str, object]:
        """The text of a row, and whatever stands where its spans should."""
        config = self.config
        text = checked_text(required(row, config.text, "text"))
        return text, () if config.spans is None else lookup(row, config.spans)

    def _example(self, row: Row, file: str, number: int, rejects: Rejects) -> Example:
        config = self.config
        text, spans = self._found(row)
        label = None if config.label is None else self._label(required(row, config.label, "label"))
        extra = extras(row, config.extra) if config.extra else {}
        if (usual := self._usual_spans(len(text), spans)) is not None:
            return Example(text, usual, file, number, label=label, extra=extra)
        example = Example(text, (), file, number, label=label, extra=extra)
        assert config.spans is not None
        if spans is MISSING or spans is None:
            values = missing_key(row, config.spans, "spans")
            rejects.note("data.missing_spans", file=file, line=number, text=text, **values)
            return example
        found = list(self._spans(text, spans))
        return replace(example, spans=settle(example, found, overlap=config.overlap, rejects=rejects))

    def _label(self, value: object) -> str:
        """The class of a row, or its classes as one label."""
        if not isinstance(value, list):
            return checked_label(value)
        return self.config.label_separator.join(map(checked_label, value))

    def _usual_spans(self, length: int, spans: object) -> tuple[Span, ...] | None:
        """Spans that are as most are: objects, sound, in order, without overlap; `None` at the first doubt."""
        config = self.config
        if not spans and isinstance(spans, list | tuple):
            return ()
        if not isinstance(spans, list) or config.surface is not None or config.offsets != "characters":
            return None
        start, end, kind, inclusive = config.start, config.end, config.type, config.ends == "inclusive"
        found, last = [], 0
        try:
            for entry in spans:
                first, after, name = entry[start], entry[end], entry[kind]
                # Not `isinstance`: a boolean is no offset.
                if not (type(first) is int and type(after) is int and name in self._types):
                    return None
                after += inclusive
                if not last <= first < after <= length:
                    return None
                found.append(Span(first, after, name))
                last = after
        except (KeyError, TypeError):
            return None
        return tuple(found)

    def _spans(self, text: str, spans: object) -> Iterator[Span]:
        if not isinstance(spans, list):
            raise BadRow("data.bad_spans", found=shown(spans), allowed="a list of spans")
        offsets = Offsets(text, self.config.offsets, inclusive=self.config.ends == "inclusive")
        for entry in spans:
            start, end, name, surface = self._parts(entry)
            span = checked_span(text, *offsets.characters(start, end), name)
            if surface is not None:
                checked_surface(text, span, surface)
            if isinstance(name, str) and len(self._types) < MOST_TYPES:
                self._types.add(name)
            yield span

    def _parts(self, entry: object) -> tuple[object, object, object, str | None]:
        """Start, end, type and perhaps surface of a span as the file gives it."""
        config = self.config
        if isinstance(entry, dict):
            start, end, name = (required(entry, key, key) for key in (config.start, config.end, config.type))
            surface = None if config.surface is None else required(entry, config.surface, "surface")
            return start, end, name, surface
        if isinstance(entry, list) and len(entry) == 3:
            first, second, third = entry
            ordered = (second, third, first) if config.order == "type_start_end" else (first, second, third)
            return *ordered, None
        allowed = f"{{{config.start}, {config.end}, {config.type}}} or [{config.order.replace('_', ', ')}]"
        raise BadRow("data.bad_spans", found=shown(entry), allowed=allowed)
