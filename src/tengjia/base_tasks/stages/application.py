"""Stage `apply`: use what was trained, at a prompt, on one text, or on a file of any size.

python run_modeling.py task=ner stage=apply
python run_modeling.py task=ner stage=apply apply.text="林清远，男，云山市人。"
python run_modeling.py task=ner stage=apply apply.input=resumes.txt apply.output=entities.jsonl

Each base task declares its section `apply` in a file of its own, as the checker reads it from syntax:
`tengjia.base_tasks.<name>.application:Application`, with the fields of `Wanted`, those that `BaseTask.columns` names,
and what is its own.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from tengjia.base_tasks.stages.file_answers import answer_file
from tengjia.base_tasks.stages.prompt import answer_prompt, answer_shown
from tengjia.base_tasks.stages.questions import question_of, said
from tengjia.base_tasks.stages.trained import trained_pipeline
from tengjia.bundle.filelist import FILELIST
from tengjia.config import Settings
from tengjia.errors import ConfigurationError
from tengjia.utilities.files import sha256_of_file

if TYPE_CHECKING:
    from tengjia.base_tasks.stages.base_task import BaseTask
    from tengjia.runs import RunFolder


class Wanted(Protocol):
    """What the section `apply` of every base task says. One may also have `format`, for which `jsonl` stands else."""

    @property
    def text(self) -> str | None:
        """One text to answer; null: ask at a prompt, or read a file."""

    @property
    def input(self) -> str | None:
        """File to answer."""

    @property
    def output(self) -> str | None:
        """File to write; null: beside the input."""

    @property
    def column(self) -> str:
        """Key or column of the text in JSON lines and tables."""

    @property
    def max_rejects(self) -> int | None:
        """How many lines of the input may be unusable before the stage stops; null: any number, all are told."""

    @property
    def batch_size(self) -> int:
        """How many texts go through the model at once."""

    @property
    def resume(self) -> str:
        """`auto`: go on with a file that was interrupted, if input, model and settings are the same; or `never`."""

    @property
    def device(self) -> str:
        """Where to compute."""


def apply(task: BaseTask, config: Settings, run: RunFolder) -> dict[str, Any]:
    """Answer at a prompt, one text, or a file.

    Args:
        task: The base task.
        config: The effective config of the stage; its section `apply` says what to do.
        run: The run whose bundle is used.

    Returns:
        For a file, how many texts were answered, what was found, how many lines could not be used; else nothing.

    Raises:
        ConfigurationError: Both a text and a file are given, a text without the one that belongs to it, or the file's
            kind is not known.
        DataError: The file is missing, or makes no sense.
        Interrupted: A stop was requested while a file was answered; the same command goes on.
    """
    if not run.primary:
        return {}  # one process of many answers for all
    wanted: Any = task.application.Config(**dict(config.get("apply") or {}))
    _check(task, wanted)
    pipeline = trained_pipeline(task, config, run, wanted.device)
    if task.columns_of is not None:
        task = task.columns_of(task, pipeline, wanted)
        _check(task, wanted)
    if task.asked is not None:
        task.asked(config, pipeline)
    if wanted.input is not None:
        return answer_file(task, pipeline, Path(wanted.input), wanted, sha256_of_file(run.bundle / FILELIST))
    if wanted.text is None:
        answer_prompt(task, pipeline, wanted, name=run.id)
    else:
        question = question_of(task, wanted.text, said(task, wanted))
        sys.stdout.write(answer_shown(task, pipeline, wanted, question) + "\n")
    return {}


def _check(task: BaseTask, wanted: Any) -> None:
    if wanted.text is not None and wanted.input is not None:
        raise ConfigurationError("pipeline.text_and_file", key="apply.text", found=wanted.input)
    if wanted.output is not None and wanted.input is None:
        raise ConfigurationError("pipeline.output_without_input", key="apply.output", found=wanted.output)
    if wanted.text is None:
        return
    given = said(task, wanted)
    for name, key in task.columns.items():
        if name not in given and getattr(wanted, key) is not None:
            raise ConfigurationError("pipeline.text_missing", key=f"apply.{name}", found=name)
