"""Stage `apply` of answer grading: score, points met and points missed, at a prompt, once, or for a file."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from src.modules.grading.points import Grade, Grader
from tengjia.base_tasks.stages.answer_formats import JsonLines
from tengjia.base_tasks.stages.base_task import BaseTask
from tengjia.base_tasks.stages.file_answers import answer_file
from tengjia.base_tasks.stages.prompt import answer_prompt, answer_shown
from tengjia.base_tasks.stages.questions import columns_asked, question_of, said
from tengjia.base_tasks.stages.trained import trained_pipeline
from tengjia.base_tasks.text_matching.application import Application, with_context
from tengjia.base_tasks.text_matching.task import TASK
from tengjia.bundle.filelist import FILELIST
from tengjia.config import Settings
from tengjia.errors import ConfigurationError
from tengjia.messages import language
from tengjia.reports.terminal import coloured, printable
from tengjia.runs import RunFolder
from tengjia.utilities.files import sha256_of_file

_WORDS: Final = {
    "en": {"score": "score {score:.1f} of {high:g}", True: "met", False: "missed"},
    "zh": {"score": "得分 {score:.1f}（满分 {high:g}）", True: "答到", False: "漏答"},
}


def apply(config: Settings, run: RunFolder) -> dict[str, Any]:
    """Grade answers. `apply.text` is the reference, `apply.second` the answer, `apply.context` the question.

    Raises:
        ConfigurationError: Settings contradict one another.
        DataError: The file is missing, or makes no sense.
        Interrupted: A stop was requested while a file was graded; the same command goes on.
    """
    if not run.primary:
        return {}
    wanted = Application.Config(**dict(config.get("apply") or {}))
    _check(wanted, GRADING)
    pipeline = trained_pipeline(TASK, config, run, wanted.device)
    task, grader = with_context(GRADING, pipeline, wanted), Grader(pipeline)
    _check(wanted, task)
    if wanted.input is not None:
        identity = sha256_of_file(run.bundle / FILELIST)
        return answer_file(task, grader, Path(wanted.input), wanted, identity)
    if wanted.text is None:
        answer_prompt(task, grader, wanted, name=run.id)
    else:
        question = question_of(task, wanted.text, said(task, wanted))
        sys.stdout.write(answer_shown(task, grader, wanted, question) + "\n")
    return {}


def _check(wanted: Application.Config, task: BaseTask) -> None:
    if wanted.text is not None and wanted.input is not None:
        raise ConfigurationError("pipeline.text_and_file", key="apply.text", found=wanted.input)
    if wanted.output is not None and wanted.input is None:
        raise ConfigurationError("pipeline.output_without_input", key="apply.output", found=wanted.output)
    if wanted.text is not None:
        for name in columns_asked(task, wanted):
            raise ConfigurationError("pipeline.text_missing", key=f"apply.{name}", found=name)


def shown(question: Sequence[str], answer: Grade, grader: Grader, *, colours: bool) -> str:
    """A grade in words: the score, then a line for each point."""
    words = _WORDS[language()]
    high = grader.pipeline.encoding.labels.high
    lines = [str(words["score"]).format(score=answer.score, high=high)]
    for point in answer.points:
        sign, said = ("✓", words[True]) if point.met else ("✗", words[False])
        mark = coloured(f"{sign} {said}", 3 if point.met else 1) if colours else f"{sign} {said}"
        lines.append(f"{mark}  {printable(point.text)}")
    return "\n".join(lines)


GRADING: Final = replace(
    TASK,
    shown=shown,
    formats={"jsonl": JsonLines(".grades.jsonl")},
    counted={"points_met": lambda grade: len(grade.met), "points_missed": lambda grade: len(grade.missed)},
)
"""Text matching as the shared stages see it when grades are given."""
