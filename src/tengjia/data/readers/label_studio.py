"""What Label Studio exports as JSON and JSON_MIN: an array of tasks of any size, or one task a line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar, Literal

from tengjia.config.parameters import Limits
from tengjia.contracts import Rejects
from tengjia.data.archives import locate
from tengjia.data.example import Example, Span
from tengjia.data.json_rows import Row, extras, lookup, parsed_row, required
from tengjia.data.json_stream import json_values
from tengjia.data.lines import nonempty
from tengjia.data.offsets import Offsets
from tengjia.data.options import at_least_one
from tengjia.data.spans import BadRow, checked_label, checked_span, checked_surface, checked_text, settle, shown
from tengjia.registry import readers

_LAYOUT = "regions {start, end, text, labels} with character offsets (Label Studio's <Text>, not <HyperText>)"


@readers.register("label_studio")
class LabelStudio:
    """Reads the regions of one annotation of each task. Relations are not read, and that is told."""

    limits: ClassVar[Limits] = {"max_line": (1, None)}

    @dataclass(frozen=True)
    class Config:
        text: str = "text"
        """Key of the text in the data of a task."""

        annotation: Literal["first", "last", "error"] = "first"
        """Which counts of several annotations when none is marked as ground truth; `error`: the task is refused."""

        predictions: bool = False
        """Whether the first prediction counts where there is no annotation."""

        offsets: Literal["auto", "characters", "utf16"] = "auto"
        """What offsets count; `auto`: characters, unless only UTF-16 units (as browsers count) fit the marked words."""

        overlap: Literal["error", "longest"] = "error"
        """What becomes of overlapping regions: the task is refused, or the longest are kept."""

        extra: tuple[str, ...] = ()
        """Further keys of a task to keep with the example (`id`, `data.source`)."""

        encoding: str = "auto"
        """Codec of the file, or `auto`."""

        max_line: int = 10000000
        """Characters that a task may have."""

    def __init__(self, config: Config) -> None:
        self.config = config
        at_least_one(max_line=config.max_line)

    def read(self, path: Path, rejects: Rejects) -> Iterator[Example]:
        """Yield the tasks of an export (plain, `.gz`, or a member of a zip archive)."""
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
        data = lookup(row, "data")
        is_full = isinstance(data, dict)
        text = checked_text(required(data if is_full else row, self.config.text, "text"))
        example = Example(text, (), file, number, extra=extras(row, self.config.extra))
        results = self._full(row, example, rejects) if is_full else self._minimal(row)
        if results is None:
            rejects.note("data.no_annotation", file=file, line=number, text=text)
            return example
        regions, labels = self._sorted(results, example, rejects)
        spans = self._spans(text, regions)
        label = checked_label(labels[0]) if len(labels) == 1 else None
        if len(labels) > 1:
            raise BadRow("data.bad_label", found=shown(labels))
        return replace(example, label=label, spans=settle(example, spans, overlap=self.config.overlap, rejects=rejects))

    def _full(self, row: Row, example: Example, rejects: Rejects) -> list[Any] | None:
        """The results of the annotation that counts, in the full layout; `None` if there is none."""
        found = lookup(row, "annotations")
        annotations = found if isinstance(found, list) else lookup(row, "completions")
        if not isinstance(annotations, list):
            annotations = []
        valid = [a for a in annotations if isinstance(a, dict) and not a.get("was_cancelled")]
        chosen = [a for a in valid if a.get("ground_truth")] or valid
        if len(chosen) > 1:
            if self.config.annotation == "error":
                raise BadRow("data.many_annotations", count=len(chosen))
            place: dict[str, Any] = {"line": example.line, "text": example.text}
            rejects.note("data.several_annotations", file=example.file, count=len(chosen), **place)
        if not chosen and self.config.predictions:
            predictions = lookup(row, "predictions")
            chosen = [p for p in predictions if isinstance(p, dict)][:1] if isinstance(predictions, list) else []
        if not chosen:
            return None
        results = chosen[-1 if self.config.annotation == "last" else 0].get("result")
        if not isinstance(results, list):
            raise BadRow("data.bad_spans", found=shown(results), allowed="a list under the key result")
        return results

    def _minimal(self, row: Row) -> list[Any] | None:
        """The regions in the layout JSON_MIN: the values of results under the name of the control (`label`)."""
        lists = [value for value in row.values() if _is_regions(value)] if isinstance(row, dict) else []
        if lists:
            return [{"value": region} for regions in lists for region in regions]
        choices = row.get("choice", row.get("sentiment")) if isinstance(row, dict) else None
        return [{"value": {"choices": [choices]}}] if isinstance(choices, str) else None

    def _sorted(
        self, results: list[Any], example: Example, rejects: Rejects
    ) -> tuple[list[tuple[dict[str, Any], str]], list[Any]]:
        """Regions with each of their types, and classes, out of results of all kinds."""
        regions, labels, ignored = [], list[Any](), set[str]()
        for result in results:
            value = result.get("value") if isinstance(result, dict) else None
            if isinstance(value, dict) and isinstance(value.get("labels"), list):
                regions += [(value, name) for name in value["labels"]]
            elif isinstance(value, dict) and isinstance(value.get("choices"), list):
                labels += value["choices"]
            elif isinstance(result, dict):
                ignored.add(shown(result.get("type", "unknown")))
            else:
                raise BadRow("data.bad_spans", found=shown(result), allowed=_LAYOUT)
        if ignored:
            found, number = ", ".join(sorted(ignored)), example.line
            rejects.note("data.ignored", file=example.file, line=number, text=example.text, found=found)
        return regions, labels

    def _spans(self, text: str, regions: list[tuple[dict[str, Any], str]]) -> list[Span]:
        units = ["characters", "utf16"] if self.config.offsets == "auto" else [self.config.offsets]
        fault: BadRow | None = None
        for unit in units:
            offsets = Offsets(text, unit)
            try:
                return [self._span(text, offsets, value, name) for value, name in regions]
            except BadRow as error:
                fault = fault or error
        assert fault is not None
        raise fault

    def _span(self, text: str, offsets: Offsets, value: dict[str, Any], name: str) -> Span:
        start, end = value.get("start"), value.get("end")
        if isinstance(start, str) or isinstance(end, str):
            raise BadRow("data.bad_spans", found=shown(value), allowed=_LAYOUT)
        span = checked_span(text, *offsets.characters(start, end), name)
        surface = value.get("text")
        # Label Studio writes line ends in marked words as a backslash and an n.
        if isinstance(surface, str) and surface.replace("\\n", "\n") != text[span.start : span.end].replace(
            "\\n", "\n"
        ):
            checked_surface(text, span, surface)
        return span


def _is_regions(value: object) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict) and "start" in value[0]
