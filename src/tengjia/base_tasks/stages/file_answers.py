"""Answers a file of any size in constant memory; the output appears at the end, whole, or not at all.

    file -> questions -> [portions through the model] -> answers, kept beside the output -> output in the wanted format

A run over a file that was stopped, killed or ran out of disk goes on after the last whole portion (`answers_file`),
and its output is the same to the byte.
"""

from __future__ import annotations

import itertools
import json
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import torch
from tqdm import tqdm

import tengjia
from tengjia.base_tasks.stages.answer_formats import AnswerFormat, JsonLines
from tengjia.base_tasks.stages.answering import portions
from tengjia.base_tasks.stages.answers_file import AnswersFile
from tengjia.base_tasks.stages.questions import columns_asked, question_of, said
from tengjia.data.example import Example
from tengjia.data.rejects import RejectsFile
from tengjia.data.splitting import AlreadyTold
from tengjia.errors import ConfigurationError, DataError, EnvironmentFault, Interrupted
from tengjia.messages import text
from tengjia.registry import readers
from tengjia.reports.words import word, word_or_name
from tengjia.utilities.allocator import give_back_large_blocks
from tengjia.utilities.files import sha256_of_file
from tengjia.utilities.folders import folder_written_atomically
from tengjia.utilities.signals import stop_requests

if TYPE_CHECKING:
    from tengjia.base_tasks.stages.base_task import BaseTask
    from tengjia.contracts import Rejects

logger = logging.getLogger(__name__)

# How each kind of file is read. The names of the texts are filled in.
_READERS: Final[dict[str, dict[str, Any]]] = {
    ".txt": {"name": "text"},
    ".jsonl": {"name": "json_lines", "spans": None},
    ".json": {"name": "json_lines", "spans": None},
    ".csv": {"name": "csv", "label": None, "delimiter": "comma"},
    ".tsv": {"name": "csv", "label": None, "delimiter": "tab"},
    ".xlsx": {"name": "excel", "label": None},
}
_ONE_A_LINE: Final = frozenset({".txt", ".jsonl"})


def answer_file(task: BaseTask, pipeline: Any, source: Path, wanted: Any, identity: str = "") -> dict[str, Any]:
    """Answer every text of a file.

    Args:
        task: The base task.
        pipeline: Answers.
        source: The file.
        wanted: The section `apply`: what to write, where, and how.
        identity: Digest of the model's bundle: an interrupted run is gone on with only by the same model.

    Returns:
        How many texts were answered (`texts`), what was found, how many lines could not be used (`rejects`).

    Raises:
        ConfigurationError: The kind of the file is not known, or the output would replace it.
        DataError: The file is missing, makes no sense, or has too many unusable lines; or another process writes
            the output.
        EnvironmentFault: The output cannot be written.
        Interrupted: A stop was requested; no output was written, what was answered is kept.
    """
    form = _format(task, wanted)
    output = Path(wanted.output).expanduser() if wanted.output is not None else _beside(source, form.ending)
    if output.resolve() == source.resolve():
        raise ConfigurationError("pipeline.output_is_input", key="apply.output", found=output)
    _see_place(output, form, getattr(wanted, "format", ""))
    asked = Asked(task, source, wanted)
    refused = output.with_name(f"{output.name}.rejects.jsonl")
    give_back_large_blocks()
    with _writing(output):
        refused.unlink(missing_ok=True)  # what an earlier run refused must not be taken for this one's
        kept = AnswersFile(output, _depends_on(pipeline, asked, wanted, identity))
        with kept.alone(), stop_requests() as stop, RejectsFile(refused, wanted.max_rejects) as rejects:
            if wanted.resume == "auto":
                kept.take_up()
                _tell(kept)
            else:
                kept.forget()
            bar = tqdm(asked.examples(rejects), source.name, _count(source), unit=" texts", disable=None)
            with _kept_when_stopped(kept), asked.in_words_of_the_stage(rejects):
                _answer(pipeline, map(asked.question, bar), kept, wanted.batch_size, stop.check)
                counted = _Counting(task, wanted, pipeline, kept)
                _write(form, output, _checked(asked.examples(AlreadyTold()), stop.check), counted, pipeline)
            kept.forget()
    logger.info(word("file_answered", counts=counted.in_words(), file=output))
    if rejects.count:
        logger.warning(word("lines_refused", count=rejects.count, summary=rejects.summary(), file=refused))
    return {**counted.counts, "rejects": rejects.count}


class Asked:
    """The questions that stand in a file."""

    def __init__(self, task: BaseTask, source: Path, wanted: Any) -> None:
        self.task, self.source, self.column = task, source, wanted.column
        self.given, self.columns = said(task, wanted), columns_asked(task, wanted)
        self.reader = self._reader()

    def _reader(self) -> dict[str, Any]:
        settings = _READERS.get(_ending(self.source))
        if settings is None:
            allowed = ", ".join(_READERS)
            raise ConfigurationError(
                "pipeline.unknown_kind", key="apply.input", found=self.source.name, allowed=allowed
            )
        if settings["name"] != "text":
            return {**settings, "text": self.column, "extra": list(dict.fromkeys(self.columns.values()))}
        for name in self.columns:
            values = {"found": self.source.name, "name": name}
            raise ConfigurationError("pipeline.one_text_a_line", key=f"apply.{name}", **values)
        return settings

    def examples(self, rejects: Rejects) -> Iterator[Example]:
        """The texts that can be used, with the other texts of their questions under their names."""
        reader = readers.build(self.reader)
        used = 0
        for example in reader.read(self.source, rejects):
            found = {name: example.extra.get(column, "") for name, column in self.columns.items()}
            missing = next((name for name, value in found.items() if not value.strip()), None)
            if missing is None:
                used += 1
                yield replace(example, extra=self.given | found)
            else:
                values = {"found": self.columns[missing], "key_wanted": f"apply.{self.task.columns[missing]}"}
                rejects.add("pipeline.no_other_text", file=example.file, line=example.line, text=example.text, **values)
        if not used:
            raise DataError("data.no_examples", file=self.source)

    def question(self, example: Example) -> Any:
        """What is asked about a text."""
        return question_of(self.task, example.text, example.extra)

    @contextmanager
    def in_words_of_the_stage(self, rejects: RejectsFile) -> Iterator[None]:
        """The reader speaks of its own settings, which are not set here."""
        try:
            yield
        except DataError as error:
            values = error.problem.values
            if error.code == "data.no_column":
                told = {
                    "found": values["found"],
                    "key_wanted": self._key(values["found"]),
                    "allowed": values["allowed"],
                }
                raise DataError("pipeline.no_column", file=self.source, **told) from None
            if error.code == "data.no_examples" and rejects.count:
                told = {"count": rejects.count, "summary": rejects.summary(), "rejects": rejects.path}
                read = {"column": self.column} | {self.task.columns[name]: at for name, at in self.columns.items()}
                columns = ", ".join(f"apply.{key}={column}" for key, column in read.items())
                raise DataError("pipeline.all_refused", file=self.source, columns=columns, **told) from None
            raise

    def _key(self, column: str) -> str:
        """The setting that named a column."""
        names = [name for name, value in self.columns.items() if value == column and column != self.column]
        return f"apply.{self.task.columns[names[0]]}" if names else "apply.column"


def _format(task: BaseTask, wanted: Any) -> AnswerFormat:
    name = getattr(wanted, "format", "jsonl")
    form: AnswerFormat = task.formats[name] if name in task.formats else JsonLines()
    return form


def _depends_on(pipeline: Any, asked: Asked, wanted: Any, identity: str) -> dict[str, Any]:
    """All that the answers depend on, to the last bit."""
    return {
        "input": sha256_of_file(asked.source) if asked.source.is_file() else None,
        "model": identity,
        "settings": {"reader": asked.reader, "batch_size": wanted.batch_size, "given": asked.given},
        "options": json.loads(json.dumps(asdict(pipeline.options))),
        "machine": {"device": str(pipeline.device), "threads": torch.get_num_threads()},
        "versions": {"tengjia": tengjia.__version__, "torch": torch.__version__},
    }


def _tell(kept: AnswersFile) -> None:
    if kept.texts:
        logger.info(text("pipeline.tagging_resumed", count=kept.texts).message)
    elif kept.differing:
        logger.info(text("pipeline.tagging_anew", found=", ".join(kept.differing)).message)


def _answer(
    pipeline: Any, questions: Iterator[Any], kept: AnswersFile, batch_size: int, check: Callable[[], None]
) -> None:
    """Ask the questions that are not answered yet, and keep the answers of each portion."""
    skipped = sum(1 for _ in itertools.islice(questions, kept.texts))
    if skipped < kept.texts:
        raise DataError("data.unpaired_predictions", count=kept.texts)
    for portion in portions(questions):
        kept.add(pipeline.plain(pipeline.stream(portion, batch_size=batch_size, check=check)))


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


def _see_place(output: Path, form: AnswerFormat, name: str) -> None:
    """No folder of the user's is replaced, least of all one with corrected annotations.

    Raises:
        ConfigurationError: Something is in the place of the output.
    """
    if form.folder and output.is_dir() and any(output.iterdir()):
        raise ConfigurationError("pipeline.folder_not_empty", key="apply.output", found=output)
    if form.folder and output.is_file():
        raise ConfigurationError("pipeline.output_is_file", key="apply.output", found=output, format=name)
    if not form.folder and output.is_dir():
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

    def __init__(self, task: BaseTask, wanted: Any, pipeline: Any, kept: AnswersFile) -> None:
        self._task, self._wanted, self._pipeline, self._kept = task, wanted, pipeline, kept
        self.counts: Counter[str] = Counter({"texts": 0} | dict.fromkeys(task.counted, 0))

    def __iter__(self) -> Iterator[Any]:
        for value in self._kept.answers():
            answer = self._task.kept(self._pipeline.restored([value])[0], self._wanted)
            self.counts["texts"] += 1
            for name, count_of in self._task.counted.items():
                self.counts[name] += count_of(answer)
            yield answer

    def in_words(self) -> str:
        """What there was, for people."""
        return ", ".join(f"{count} {word_or_name(f'counted_{name}', name)}" for name, count in self.counts.items())


def _beside(source: Path, ending: str) -> Path:
    return source.with_name(f"{Path(source.name.removesuffix('.gz')).stem}{ending}")


def _ending(source: Path) -> str:
    return Path(source.name.lower().removesuffix(".gz")).suffix


def _count(source: Path) -> int | None:
    """How many texts a file holds, if that is quickly told: for the progress bar."""
    if _ending(source) not in _ONE_A_LINE or source.suffix.lower() == ".gz" or not source.is_file():
        return None
    with open(source, "rb") as file:
        return sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b""))


def _write(
    form: AnswerFormat, output: Path, examples: Iterable[Example], answers: Iterable[Any], pipeline: Any
) -> None:
    if not form.folder:
        form.write(output, examples, answers, pipeline)
        return
    with folder_written_atomically(output) as folder:
        form.write(folder, examples, answers, pipeline)
