"""What doccano exports: JSON lines (or an array) with spans, classes, or spans with relations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar, Literal

from tengjia.config.parameters import Limits
from tengjia.contracts import Rejects
from tengjia.data.archives import locate
from tengjia.data.example import Example, Span
from tengjia.data.json_rows import MISSING, Row, extras, lookup, missing_key, parsed_row
from tengjia.data.json_stream import json_values
from tengjia.data.lines import nonempty
from tengjia.data.offsets import Offsets
from tengjia.data.options import at_least_one
from tengjia.data.spans import BadRow, checked_label, checked_span, checked_text, settle, shown
from tengjia.registry import readers

_LAYOUT = "[[start, end, type], ...], [{start_offset, end_offset, label}, ...] or [class]"


@readers.register("doccano")
class Doccano:
    """Reads every layout that doccano has had: `labels` (old), `label` (new), `entities` with `relations`.

    Relations are not read, and that is told.
    """

    limits: ClassVar[Limits] = {"max_line": (1, None)}

    @dataclass(frozen=True)
    class Config:
        offsets: Literal["characters", "utf16", "utf8"] = "characters"
        """What offsets count: characters (code points), UTF-16 units, or UTF-8 bytes."""

        overlap: Literal["error", "longest"] = "error"
        """What becomes of overlapping spans: the row is refused, or the longest are kept."""

        extra: tuple[str, ...] = ()
        """Further keys (doccano's metadata) to keep with the example."""

        encoding: str = "auto"
        """Codec of the file, or `auto`."""

        max_line: int = 1000000
        """Characters that a row may have."""

    def __init__(self, config: Config) -> None:
        self.config = config
        at_least_one(max_line=config.max_line)

    def read(self, path: Path, rejects: Rejects) -> Iterator[Example]:
        """Yield the examples of an export (plain, `.gz`, or a member of a zip archive)."""
        return nonempty(self._examples(path, rejects), path)

    def _examples(self, path: Path, rejects: Rejects) -> Iterator[Example]:
        config, source = self.config, locate(path)
        options: dict[str, Any] = {"encoding": config.encoding, "max_line": config.max_line}
        for number, value in json_values(source, rejects, **options):
            try:
                yield self._example(parsed_row(value), source.name, number, rejects)
            except BadRow as fault:
                rejects.add(fault.code, file=source.name, line=number, text=value, **fault.values)

    def _example(self, row: Row, file: str, number: int, rejects: Rejects) -> Example:
        text = _first_of(row, ("text", "data"))
        if text is MISSING:
            raise BadRow("data.missing_key", **missing_key(row, "text", "name (another reader)"))
        example = Example(checked_text(text), (), file, number, extra=extras(row, self.config.extra))
        if lookup(row, "relations") not in (MISSING, None, []):
            rejects.note("data.ignored", file=file, line=number, text=example.text, found="relations")
        labels = _first_of(row, ("entities", "label", "labels", "annotations"))
        if labels is MISSING or labels is None:
            values = missing_key(row, "label", "name (another reader)")
            rejects.note("data.missing_spans", file=file, line=number, text=example.text, **values)
            return example
        if not isinstance(labels, list):
            raise BadRow("data.bad_spans", found=shown(labels), allowed=_LAYOUT)
        if labels and all(isinstance(label, str) for label in labels):
            if len(labels) > 1:
                raise BadRow("data.bad_label", found=shown(labels))
            return replace(example, label=checked_label(labels[0]))
        spans = list(self._spans(example.text, labels))
        return replace(example, spans=settle(example, spans, overlap=self.config.overlap, rejects=rejects))

    def _spans(self, text: str, labels: list[Any]) -> Iterator[Span]:
        offsets = Offsets(text, self.config.offsets)
        for entry in labels:
            if isinstance(entry, dict):
                start, end = entry.get("start_offset"), entry.get("end_offset")
                name = entry.get("label")
            elif isinstance(entry, list) and len(entry) == 3:
                start, end, name = entry
            else:
                raise BadRow("data.bad_spans", found=shown(entry), allowed=_LAYOUT)
            yield checked_span(text, *offsets.characters(start, end), name)


def _first_of(row: Row, keys: tuple[str, ...]) -> Any:
    return next((value for key in keys if (value := lookup(row, key)) is not MISSING), MISSING)
