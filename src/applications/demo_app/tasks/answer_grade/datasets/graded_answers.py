"""`dataset=graded_answers`: answers with their score and the points that they make, as JSON lines. For this task."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

from tengjia.contracts import Reader, Rejects
from tengjia.data.example import Example
from tengjia.registry import datasets, readers


@datasets.register("graded_answers")
class GradedAnswers:
    """`{"question", "reference", "answer", "score", "points": [{"text", "met"}]}` a line.

    For training every point is an example of its own beside the whole answer: met is worth the best score, missed the
    worst. So one model learns to grade whole answers and single points. The test part holds whole answers only, with
    their points as JSON in the column `points`.

    Args:
        reader: Not used: the corpus brings its own.
        root: What paths are relative to (`dataset_root`).
    """

    @dataclass(frozen=True)
    class Config:
        """Files of each part, and what is made of them."""

        train: tuple[str, ...] = ()
        """Files to learn from, relative to `dataset_root`."""
        development: tuple[str, ...] = ()
        """Files to choose the best model by."""
        test: tuple[str, ...] = ()
        """Files to score the chosen model on."""
        points: bool = True
        """Whether every point is an example of its own in training."""
        best: float = 10.0
        """The score of a point that is met; one that is missed has 0."""

    limits: ClassVar[dict[str, tuple[float | None, float | None]]] = {"best": (0.0, None)}

    def __init__(self, config: Config, *, reader: Reader | None = None, root: Path) -> None:
        self.config, self.root = config, root
        columns = ("question", "reference", "score", "points")
        self.reader: Reader = readers.build({"name": "json_lines", "text": "answer", "spans": None, "extra": columns})
        files = {"name": "files", "train": config.train, "development": config.development, "test": config.test}
        self._files = datasets.build(files, reader=self.reader, root=root)

    def parts(self) -> Mapping[str, Sequence[Path]]:
        """The files of each part that has some.

        Raises:
            DataError: A file is missing, or stands in two parts.
        """
        found: Mapping[str, Sequence[Path]] = self._files.parts()
        return found

    def read(self, part: str, rejects: Rejects) -> Iterator[Example]:
        """The examples of a part: whole answers, and in training their points."""
        for example in self._files.read(part, rejects):
            question = example.extra.get("question", "")
            whole = replace(example, extra={**example.extra, "group": question})
            points = points_of(whole)
            if points is None:
                rejects.add("data.bad_json", file=example.file, line=example.line, text=example.text, reason="points")
                continue
            yield whole
            for point in points if self.config.points and part != "test" else ():
                score = f"{self.config.best if point['met'] else 0.0:g}"
                yield replace(
                    whole, extra={"question": question, "reference": point["text"], "score": score, "group": question}
                )


def points_of(example: Example) -> list[dict[str, Any]] | None:
    """The labelled points of an answer, none where there are none; `None` if they make no sense."""
    try:
        values = json.loads(example.extra.get("points", "[]"))
    except (ValueError, RecursionError):
        return None
    sound = isinstance(values, list) and all(
        isinstance(value, dict) and isinstance(value.get("text"), str) and isinstance(value.get("met"), bool)
        for value in values
    )
    return values if sound else None
