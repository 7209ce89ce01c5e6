"""What a file of answers looks like: JSON lines, or the texts alone."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tengjia.base_tasks.sequence_to_sequence.answers import Written
from tengjia.base_tasks.stages.answer_formats import AnswerFormat, JsonLines
from tengjia.data.example import Example
from tengjia.errors import DataError
from tengjia.utilities.files import written_atomically


@dataclass(frozen=True)
class Lines:
    """A line for each text: what was written, as translators' tools want it."""

    ending: str = ".written.txt"
    folder: bool = False

    def write(self, output: Path, examples: Iterable[Example], answers: Iterable[Written], pipeline: Any) -> None:
        """Write a line for each example.

        Raises:
            DataError: There are more examples than answers, or fewer: the input changed meanwhile.
        """
        with written_atomically(output, "w") as file:
            for number, (example, answer) in enumerate(itertools.zip_longest(examples, answers)):
                if example is None or answer is None:
                    raise DataError("data.unpaired_predictions", count=number)
                file.write(" ".join(answer.text.split()) + "\n")


FORMATS: Final[dict[str, AnswerFormat]] = {"jsonl": JsonLines(".written.jsonl"), "text": Lines()}
"""Name -> how it is written."""
