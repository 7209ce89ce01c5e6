"""Writes the JSON array of tasks that Label Studio imports: true spans as annotations, a model's as predictions."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from tengjia.data.annotation import Prediction, paired
from tengjia.data.example import Example
from tengjia.errors import DataError
from tengjia.utilities.files import written_atomically


def write(
    path: Path,
    examples: Iterable[Example],
    predictions: Iterable[Sequence[Prediction]] | None = None,
    *,
    model: str = "tengjia",
) -> int:
    """Write examples, in constant memory.

    Args:
        path: The `.json` file.
        examples: Their spans and class become an annotation (if there are any, or there are no predictions); their
            `extra` joins the data of the task.
        predictions: A model's spans: they become a prediction that a person can accept or correct.
        model: Name and version of the model.

    Returns:
        How many tasks were written.

    Raises:
        DataError: Examples and predictions do not pair up, or `extra` holds the name `text`.
    """
    number = 0
    with written_atomically(path, "w") as file:
        for number, example, found in paired(examples, predictions):
            task = json.dumps(_task(number, example, found, model), ensure_ascii=False)
            file.write(("[\n" if number == 1 else ",\n") + task)
        file.write("\n]\n" if number else "[]\n")
    return number


def labeling_interface(types: Iterable[str]) -> str:
    """The labelling interface to paste into a project: it shows `text` and marks spans of these types."""
    labels = "\n".join(f"    <Label value={quoteattr(name)}/>" for name in types)
    return (
        f'<View>\n  <Labels name="label" toName="text">\n{labels}\n  </Labels>\n'
        '  <Text name="text" value="$text"/>\n</View>\n'
    )


def _task(number: int, example: Example, found: Sequence[Prediction] | None, model: str) -> dict[str, Any]:
    if "text" in example.extra:
        raise DataError("data.reserved_key", file=example.file, line=example.line, found="text")
    task: dict[str, Any] = {"id": number, "data": {"text": example.text, **example.extra}}
    task["annotations"], task["predictions"] = [], []
    if found is None or example.spans or example.label is not None:
        regions = [_region(example.text, span.start, span.end, span.type) for span in example.spans]
        results = _numbered(regions + _choices(example.label))
        task["annotations"].append({"result": results, "was_cancelled": False, "ground_truth": False})
    if found is not None:
        scored = [_region(example.text, e.start, e.end, e.type) | {"score": _rounded(e.score)} for e in found]
        mean = sum(float(e.score) for e in found) / len(found) if found else 0.0
        prediction = {"model_version": model, "score": _rounded(mean), "result": _numbered(scored)}
        task["predictions"].append(prediction)
    return task


def _region(text: str, start: int, end: int, name: str) -> dict[str, Any]:
    value = {"start": start, "end": end, "text": text[start:end], "labels": [name]}
    return {"from_name": "label", "to_name": "text", "type": "labels", "value": value}


def _choices(label: str | None) -> list[dict[str, Any]]:
    if label is None:
        return []
    return [{"from_name": "class", "to_name": "text", "type": "choices", "value": {"choices": [label]}}]


def _numbered(results: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"id": f"r{at}", **result} for at, result in enumerate(results, 1)]


def _rounded(score: float) -> float:
    return round(float(score), 6)
