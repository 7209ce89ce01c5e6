"""What `stage=apply` writes: the entities of each text as JSON lines, or pre-annotations for an annotation tool."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tengjia.base_tasks.sequence_labeling.entities import Entity
from tengjia.base_tasks.stages.answer_formats import AnswerFormat, JsonLines
from tengjia.data.annotation import brat, doccano, label_studio
from tengjia.data.example import Example

if TYPE_CHECKING:
    from tengjia.base_tasks.sequence_labeling.application import Application


def kept(entities: Sequence[Entity], wanted: Application.Config) -> list[Entity]:
    """The entities of an answer, without those that were passed over where these are not wanted."""
    passed_over = wanted.passed_over and wanted.format == "jsonl"
    return [entity for entity in entities if passed_over or entity.counts]


@dataclass(frozen=True)
class AnnotationTool:
    """What a tool for annotation reads."""

    ending: str
    writer: Callable[..., int]
    folder: bool = False

    def write(self, output: Path, examples: Iterable[Example], answers: Iterable[Any], pipeline: Any) -> None:
        """Write all, in constant memory."""
        self.writer(output, examples, answers)


FORMATS: Final[Mapping[str, AnswerFormat]] = {
    "jsonl": JsonLines(".entities.jsonl", lambda entities: {"entities": entities}),
    "doccano": AnnotationTool(".doccano.jsonl", doccano.write),
    "label_studio": AnnotationTool(".tasks.json", label_studio.write),
    "brat": AnnotationTool(".brat", brat.write, folder=True),
}
