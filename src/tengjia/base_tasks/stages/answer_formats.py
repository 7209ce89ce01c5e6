"""What a file of answers looks like: JSON lines, or what a base task adds (annotation tools)."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

from tengjia.data.example import Example
from tengjia.errors import DataError
from tengjia.utilities.files import written_atomically


class AnswerFormat(Protocol):
    """Writes examples with their answers."""

    @property
    def ending(self) -> str:
        """What follows the input's name where no output is named."""

    @property
    def folder(self) -> bool:
        """Whether the output is a folder; its files are then written to a new one, which takes its place when whole."""

    def write(self, output: Path, examples: Iterable[Example], answers: Iterable[Any], pipeline: Any) -> Any:
        """Write all, in constant memory.

        Args:
            output: The file, written wholly or not at all; or a folder, which is there and empty.
            examples: The texts; their `extra` holds the other texts of a question by name.
            answers: The answer to each, without what is not wanted.
            pipeline: Who gave them (`plain` makes JSON values of them).
        """


def as_they_are(answer: Any) -> Mapping[str, Any]:
    """The fields of an answer that is an object; any other is the field `answer`."""
    return answer if isinstance(answer, Mapping) else {"answer": answer}


@dataclass(frozen=True)
class JsonLines:
    """One object a line: `{"line": 3, "text": "...", <fields of the answer>}`."""

    ending: str = ".answers.jsonl"
    fields: Callable[[Any], Mapping[str, Any]] = as_they_are
    """JSON value of an answer -> the fields of its line."""
    folder: bool = False

    def write(self, output: Path, examples: Iterable[Example], answers: Iterable[Any], pipeline: Any) -> None:
        """Write a line for each example.

        Raises:
            DataError: There are more examples than answers, or fewer: the input changed meanwhile.
        """
        with written_atomically(output, "w") as file:
            for number, (example, answer) in enumerate(itertools.zip_longest(examples, answers, fillvalue=_NONE)):
                if example is _NONE or answer is _NONE:
                    raise DataError("data.unpaired_predictions", count=number)
                fields = self.fields(pipeline.plain([answer])[0])
                line = {"line": example.line, "text": example.text, **example.extra, **fields}
                file.write(json.dumps(line, ensure_ascii=False) + "\n")


_NONE: Final[Any] = object()
