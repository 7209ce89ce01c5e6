"""Examples for annotation tools: doccano, Label Studio, brat. What is written here, the reader of that name reads.

    from tengjia.data.annotation import label_studio
    label_studio.write(Path("tasks.json"), examples, pipeline(texts), model="ner-7")

Without predictions the spans of the examples are written as true; with predictions a model's spans are written for a
person to correct, with their scores where the tool has a place for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, repeat
from typing import Any, Protocol

from tengjia.data.example import Example
from tengjia.errors import DataError


class Prediction(Protocol):
    """What a pipeline answers: a span of characters with a type and a score."""

    @property
    def start(self) -> int:
        """First character."""

    @property
    def end(self) -> int:
        """Character after the last."""

    @property
    def type(self) -> str:
        """What it is."""

    @property
    def score(self) -> float:
        """How sure the model is, 0 to 1."""


def paired(
    examples: Iterable[Example], predictions: Iterable[Sequence[Prediction]] | None
) -> Iterator[tuple[int, Example, Sequence[Prediction] | None]]:
    """Number (from 1), example, and what was predicted for it (`None` without predictions).

    Raises:
        DataError: There are more examples than predictions, or fewer; or a prediction lies outside its text.
    """
    if predictions is None:
        yield from ((number, example, None) for number, example in enumerate(examples, 1))
        return
    answers = chain(predictions, repeat(None))
    number = 0
    for number, (example, found) in enumerate(zip(examples, answers), 1):
        if found is None:
            raise DataError("data.unpaired_predictions", count=number - 1)
        for entity in found:
            if not 0 <= entity.start < entity.end <= len(example.text):
                place: dict[str, Any] = {"file": example.file, "line": example.line, "length": len(example.text)}
                raise DataError("data.bad_offsets", start=entity.start, end=entity.end, type=entity.type, **place)
        yield number, example, found
    if next(answers) is not None:
        raise DataError("data.unpaired_predictions", count=number)
