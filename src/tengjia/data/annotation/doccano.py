"""Writes JSON lines that doccano imports (sequence labelling: `label` as `[start, end, type]`; a class: `[class]`)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from tengjia.data.annotation import Prediction, paired
from tengjia.data.example import Example
from tengjia.errors import DataError
from tengjia.utilities.files import written_atomically

RESERVED: Final = frozenset({"id", "text", "data", "label", "labels", "entities", "relations", "annotations", "scores"})


def write(path: Path, examples: Iterable[Example], predictions: Iterable[Sequence[Prediction]] | None = None) -> int:
    """Write examples, in constant memory.

    Args:
        path: The `.jsonl` file.
        examples: Their `extra` becomes metadata. doccano labels either spans or the whole text: the class is written
            where there are no spans.
        predictions: A model's spans, to be written instead of the examples' own; scores become metadata.

    Returns:
        How many were written.

    Raises:
        DataError: Examples and predictions do not pair up, or a name in `extra` is one that doccano uses itself.
    """
    number = 0
    with written_atomically(path, "w") as file:
        for number, example, found in paired(examples, predictions):
            file.write(json.dumps(_row(number, example, found), ensure_ascii=False) + "\n")
    return number


def _row(number: int, example: Example, found: Sequence[Prediction] | None) -> dict[str, Any]:
    taken = sorted(RESERVED & example.extra.keys())
    if taken:
        raise DataError("data.reserved_key", file=example.file, line=example.line, found=", ".join(taken))
    row: dict[str, Any] = {"id": number, "text": example.text}
    if found is not None:
        row["label"] = [[entity.start, entity.end, entity.type] for entity in found]
        row["scores"] = [round(float(entity.score), 6) for entity in found]
    elif example.label is not None and not example.spans:
        row["label"] = [example.label]
    else:
        row["label"] = [list(span) for span in example.spans]
    return row | dict(example.extra)
