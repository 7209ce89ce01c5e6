"""Tags a file of any size in constant memory; the output appears at the end, whole, or not at all.

    file -> texts -> [portions through the model] -> answers, kept beside the output -> output in the wanted format

A tagging that was stopped, killed or ran out of disk goes on after the last whole portion (`answers_file`), and its
output is the same to the byte.
"""

from __future__ import annotations

import itertools
import json
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import torch
from tqdm import tqdm

import tengjia
from tengjia.base_tasks.sequence_labeling.answers_file import AnswersFile
from tengjia.base_tasks.sequence_labeling.entities import Entity
from tengjia.base_tasks.sequence_labeling.entity_pipeline import chunks
from tengjia.base_tasks.sequence_labeling.pipeline import SequenceLabelingPipeline
from tengjia.data.annotation import brat, doccano, label_studio
from tengjia.data.example import Example
from tengjia.data.rejects import RejectsFile
from tengjia.data.splitting import AlreadyTold
from tengjia.errors import ConfigurationError, DataError, EnvironmentFault, Interrupted
from tengjia.messages import text
from tengjia.registry import readers
from tengjia.reports.words import word
from tengjia.utilities.files import sha256_of_file, written_atomically
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


def tag_file(
    pipeline: SequenceLabelingPipeline, source: Path, wanted: Application.Config, identity: str = ""
) -> dict[str, Any]:
    """Tag every text of a file.

    Args:
        pipeline: Answers.
        source: The file.
        wanted: What to write, where, and how.
        identity: Digest of the model's bundle: an interrupted tagging is gone on with only by the same model.

    Returns:
        How many texts were tagged, how many entities were found, how many lines could not be used.

    Raises:
        ConfigurationError: The kind of the file is not known, or the output would replace it.
        DataError: The file is missing, makes no sense, or has too many unusable lines; or another process writes
            the output.
        EnvironmentFault: The output cannot be written.
        Interrupted: A stop was requested; no output was written, what was answered is kept.
    """
    output = Path(wanted.output).expanduser() if wanted.output is not None else _beside(source, wanted.format)
    if output.resolve() == source.resolve():
        raise ConfigurationError("pipeline.output_is_input", key="apply.output", found=output)
    _see_place(output, wanted.format)
    settings = _reader_of(source, wanted.column)
    reader = readers.build(settings)
    refused = output.with_name(f"{output.name}.rejects.jsonl")
    with _writing(output):
        refused.unlink(missing_ok=True)  # what an earlier run refused must not be taken for this one's
        kept = AnswersFile(output, _depends_on(pipeline, source, wanted, settings, identity))
        with kept.alone(), stop_requests() as stop, RejectsFile(refused, wanted.max_rejects) as rejects:
            if wanted.resume == "auto":
                kept.take_up()
                _tell(kept)
            else:
                kept.forget()
            bar = tqdm(reader.read(source, rejects), source.name, _count(source), unit=" texts", disable=None)
            with _kept_when_stopped(kept), _in_words_of_the_stage(source, wanted.column, rejects):
                _answer(pipeline, (example.text for example in bar), kept, wanted.batch_size, stop.check)
                answers = kept.answers()
                counted = _Counting(answers, passed_over=wanted.passed_over and wanted.format == "jsonl")
                _write(output, wanted.format, _checked(reader.read(source, AlreadyTold()), stop.check), counted)
            kept.forget()
    logger.info(word("file_tagged", texts=counted.texts, entities=counted.entities, file=output))
    if rejects.count:
        logger.warning(word("lines_refused", count=rejects.count, summary=rejects.summary(), file=refused))
    return {"texts": counted.texts, "entities": counted.entities, "rejects": rejects.count}


def _depends_on(
    pipeline: SequenceLabelingPipeline, source: Path, wanted: Application.Config, reader: dict[str, Any], identity: str
) -> dict[str, Any]:
    """All that the answers depend on, to the last bit."""
    return {
        "input": sha256_of_file(source) if source.is_file() else None,
        "model": identity,
        "settings": {"reader": reader, "batch_size": wanted.batch_size},
        "machine": {"device": str(pipeline.device), "threads": torch.get_num_threads()},
        "versions": {"tengjia": tengjia.__version__, "torch": torch.__version__},
    }


def _tell(kept: AnswersFile) -> None:
    if kept.texts:
        logger.info(text("pipeline.tagging_resumed", count=kept.texts).message)
    elif kept.differing:
        logger.info(text("pipeline.tagging_anew", found=", ".join(kept.differing)).message)


def _answer(
    pipeline: SequenceLabelingPipeline,
    texts: Iterator[str],
    kept: AnswersFile,
    batch_size: int,
    check: Callable[[], None],
) -> None:
    """Ask for the texts that are not answered yet, and keep the answers of each portion."""
    skipped = sum(1 for _ in itertools.islice(texts, kept.texts))
    if skipped < kept.texts:
        raise DataError("data.unpaired_predictions", count=kept.texts)
    for portion in chunks(texts):
        kept.add(list(pipeline.stream(portion, batch_size=batch_size, check=check)))


def _checked(examples: Iterable[Example], check: Callable[[], None]) -> Iterator[Example]:
    for number, example in enumerate(examples):
        if number % 1000 == 0:
            check()
        yield example


@contextmanager
def _kept_when_stopped(kept: AnswersFile) -> Iterator[None]:
    """What is answered stays if somebody stops or the disk is full; what makes no sense is not worth keeping."""
    try:
        yield
    except Interrupted as stop:
        raise Interrupted(
            stop.problem.values["signal"],
            text("pipeline.tagging_kept", count=kept.texts).message,
            "run.interrupted_tagging",
        ) from stop
    except DataError:
        kept.forget()
        raise


@contextmanager
def _in_words_of_the_stage(source: Path, column: str, rejects: RejectsFile) -> Iterator[None]:
    """The reader speaks of its own settings, which are not set here."""
    try:
        yield
    except DataError as error:
        values = error.problem.values
        if error.code == "data.no_column":
            raise DataError("pipeline.no_column", file=source, found=column, allowed=values["allowed"]) from None
        if error.code == "data.no_examples" and rejects.count:
            told: dict[str, Any] = {
                "count": rejects.count,
                "summary": rejects.summary(),
                "rejects": rejects.path,
                "column": column,
            }
            raise DataError("pipeline.all_refused", file=source, **told) from None
        raise


def _see_place(output: Path, kind: str) -> None:
    """No folder of the user's is replaced, least of all one with corrected annotations.

    Raises:
        ConfigurationError: Something is in the place of the output.
    """
    if kind == "brat" and output.is_dir() and any(output.iterdir()):
        raise ConfigurationError("pipeline.folder_not_empty", key="apply.output", found=output)
    if kind == "brat" and output.is_file():
        raise ConfigurationError("pipeline.output_is_file", key="apply.output", found=output)
    if kind != "brat" and output.is_dir():
        raise ConfigurationError(
            "pipeline.output_is_folder", key="apply.output", found=output, example=output / "out.jsonl"
        )


@contextmanager
def _writing(output: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise EnvironmentFault("pipeline.not_written", file=output, reason=reason) from None


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
            for number, (example, answer) in enumerate(itertools.zip_longest(examples, answers)):
                if example is None or answer is None:
                    raise DataError("data.unpaired_predictions", count=number)
                line = {"line": example.line, "text": example.text, "entities": [entity.plain() for entity in answer]}
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
