"""Tags a file of any size in constant memory; the output appears at the end, whole, or not at all."""

from __future__ import annotations

import itertools
import json
import logging
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tqdm import tqdm

from tengjia.base_tasks.sequence_labeling.entities import Entity
from tengjia.base_tasks.sequence_labeling.pipeline import SequenceLabelingPipeline
from tengjia.data.annotation import brat, doccano, label_studio
from tengjia.data.example import Example
from tengjia.data.rejects import RejectsFile
from tengjia.errors import ConfigurationError
from tengjia.registry import readers
from tengjia.reports.words import word
from tengjia.utilities.files import written_atomically
from tengjia.utilities.folders import folder_written_atomically
from tengjia.utilities.signals import stop_requests

if TYPE_CHECKING:
    from tengjia.base_tasks.sequence_labeling.application import Application

logger = logging.getLogger(__name__)

# How each kind of file is read. The name of the text is filled in; no other columns are wanted.
_READERS: Final[dict[str, dict[str, Any]]] = {
    ".txt": {"name": "text"},
    ".jsonl": {"name": "json_lines", "spans": None},
    ".json": {"name": "json_lines", "spans": None},
    ".csv": {"name": "csv", "label": None, "delimiter": "comma"},
    ".tsv": {"name": "csv", "label": None, "delimiter": "tab"},
    ".xlsx": {"name": "excel", "label": None},
}
_ONE_A_LINE: Final = frozenset({".txt", ".jsonl"})
_ENDINGS: Final = {
    "jsonl": ".entities.jsonl",
    "doccano": ".doccano.jsonl",
    "label_studio": ".tasks.json",
    "brat": ".brat",
}


def tag_file(pipeline: SequenceLabelingPipeline, source: Path, wanted: Application.Config) -> dict[str, Any]:
    """Tag every text of a file.

    Args:
        pipeline: Answers.
        source: The file.
        wanted: What to write, where, and how.

    Returns:
        How many texts were tagged, how many entities were found, how many lines could not be used.

    Raises:
        ConfigurationError: The kind of the file is not known, or the output would replace it.
        DataError: The file is missing, makes no sense, or has too many unusable lines.
        Interrupted: A stop was requested; nothing was written.
    """
    output = Path(wanted.output) if wanted.output is not None else _beside(source, wanted.format)
    if output.resolve() == source.resolve():
        raise ConfigurationError("pipeline.output_is_input", key="apply.output", found=output)
    reader = readers.build(_reader_of(source, wanted.column))
    refused = output.with_name(f"{output.name}.rejects.jsonl")
    refused.unlink(missing_ok=True)  # what an earlier run refused must not be taken for this one's
    with stop_requests() as stop, RejectsFile(refused, wanted.max_rejects) as rejects:
        bar = tqdm(reader.read(source, rejects), source.name, _count(source), unit=" texts", disable=None)
        examples, asked = itertools.tee(bar)
        texts = (example.text for example in asked)
        answers = pipeline.stream(texts, batch_size=wanted.batch_size, check=stop.check)
        counted = _Counting(answers, passed_over=wanted.passed_over and wanted.format == "jsonl")
        _write(output, wanted.format, examples, counted)
    logger.info(word("file_tagged", texts=counted.texts, entities=counted.entities, file=output))
    if rejects.count:
        logger.warning(word("lines_refused", count=rejects.count, summary=rejects.summary(), file=refused))
    return {"texts": counted.texts, "entities": counted.entities, "rejects": rejects.count}


class _Counting:
    """Answers on their way to the file, without what is not wanted there."""

    def __init__(self, answers: Iterable[Sequence[Entity]], *, passed_over: bool) -> None:
        self._answers = answers
        self._passed_over = passed_over
        self.texts = 0
        self.entities = 0

    def __iter__(self) -> Iterator[Sequence[Entity]]:
        for answer in self._answers:
            kept = [entity for entity in answer if self._passed_over or entity.counts]
            self.texts += 1
            self.entities += len(kept)
            yield kept


def _beside(source: Path, kind: str) -> Path:
    return source.with_name(f"{_stem(source)}{_ENDINGS[kind]}")


def _stem(source: Path) -> str:
    return Path(source.name.removesuffix(".gz")).stem


def _ending(source: Path) -> str:
    return Path(source.name.lower().removesuffix(".gz")).suffix


def _reader_of(source: Path, column: str) -> dict[str, Any]:
    settings = _READERS.get(_ending(source))
    if settings is None:
        raise ConfigurationError(
            "pipeline.unknown_kind", key="apply.input", found=source.name, allowed=", ".join(_READERS)
        )
    return settings if settings["name"] == "text" else {**settings, "text": column}


def _count(source: Path) -> int | None:
    """How many texts a file holds, if that is quickly told: for the progress bar."""
    if _ending(source) not in _ONE_A_LINE or source.suffix.lower() == ".gz" or not source.is_file():
        return None
    with open(source, "rb") as file:
        return sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b""))


def _write(output: Path, kind: str, examples: Iterable[Example], answers: Iterable[Sequence[Entity]]) -> None:
    if kind == "brat":
        with folder_written_atomically(output) as folder:
            brat.write(folder, examples, answers)
    elif kind == "doccano":
        doccano.write(output, examples, answers)
    elif kind == "label_studio":
        label_studio.write(output, examples, answers)
    else:
        with written_atomically(output, "w") as file:
            for example, answer in zip(examples, answers):
                line = {"line": example.line, "text": example.text, "entities": [entity.plain() for entity in answer]}
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
