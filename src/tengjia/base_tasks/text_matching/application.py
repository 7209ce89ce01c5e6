"""Stage `apply`: how well two texts fit, at a prompt, once, or for a file of pairs; or which of many texts fit best.

python run_modeling.py task=resume_matching stage=apply
python run_modeling.py task=resume_matching stage=apply apply.text="招聘会计" apply.second="做账七年，熟悉报税"
python run_modeling.py task=resume_matching stage=apply apply.input=pairs.csv apply.output=scores.jsonl
python run_modeling.py task=resume_matching stage=apply apply.text="招聘会计" apply.candidates=resumes.txt apply.top=5

A model that was trained with `encoding.context` is also asked for the text that both belong to (`apply.context`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from tengjia.base_tasks.stages import application
from tengjia.config import Settings
from tengjia.config.parameters import Limits
from tengjia.errors import ConfigurationError
from tengjia.runs import RunFolder

if TYPE_CHECKING:
    from tengjia.base_tasks.stages.base_task import BaseTask


class Application:
    """What `stage=apply` is asked to do."""

    limits: ClassVar[Limits] = {
        "top": (1, None),
        "max_rejects": (0, None),
        "batch_size": (1, None),
    }

    @dataclass(frozen=True)
    class Config:
        """Input and output of the stage."""

        text: str | None = None
        """The first text of one pair, or the text to find candidates for; null: ask at a prompt, or read a file."""

        second: str | None = None
        """The second text of one pair, or of all pairs of a file; null: asked for, or a column of the file."""

        context: str | None = None
        """What both texts of one pair belong to, or those of all pairs of a file (a question), for a model that was
        trained with `encoding.context`; null: asked for, or a column of the file."""

        candidates: str | None = None
        """File of texts to rank for each text instead: `.txt` (a text a line), `.jsonl`, `.json`, `.csv`, `.tsv`,
        `.xlsx`; null: pairs are scored."""

        top: int = 10
        """How many of the candidates are given, the best."""

        input: str | None = None
        """File to answer: `.jsonl`, `.json`, `.csv`, `.tsv`, `.xlsx` with a column for each text; all but the last
        also as `.gz`."""

        output: str | None = None
        """File to write; null: the input's name with `.scores.jsonl`."""

        column: str = "text"
        """Key or column of the first text in JSON lines and tables, and of the candidates."""

        second_column: str | None = "second"
        """Key or column of the second text in JSON lines and tables."""

        context_column: str | None = "context"
        """Key or column of the context in JSON lines and tables, for a model that was trained with `encoding.context`;
        null: the model is asked without."""

        max_rejects: int | None = None
        """How many lines of the input may be unusable before the stage stops; null: any number, all are told."""

        batch_size: int = 64
        """How many texts go through the model at once."""

        resume: Literal["auto", "never"] = "auto"
        """Whether to go on with a file that was interrupted, if input, model and settings are the same."""

        device: str = "auto"
        """Where to compute: `auto`, `cpu`, `cuda`, `cuda:N`, `mps`."""


def with_context(task: BaseTask, pipeline: Any, wanted: Any) -> BaseTask:
    """Text matching as `apply` asks a pipeline: also for the context, where its encoding has one.

    Raises:
        ConfigurationError: A context is given, but the encoding has none.
    """
    if pipeline.encoding.config.context:
        return replace(task, columns={**task.columns, "context": "context_column"})
    if wanted.context is not None:
        raise ConfigurationError("matching.no_context_asked", key="apply.context")
    return task


def apply(config: Settings, run: RunFolder) -> dict[str, Any]:
    """Score pairs (`stages.application.apply`), or rank candidates.

    Raises:
        ConfigurationError: Settings contradict one another.
        DataError: A file is missing, or makes no sense.
        Interrupted: A stop was requested; the same command goes on with a file of pairs.
    """
    from tengjia.base_tasks.text_matching.task import TASK

    wanted = Application.Config(**dict(config.get("apply") or {}))
    if wanted.candidates is None:
        return application.apply(TASK, config, run)
    from tengjia.base_tasks.text_matching.ranking import rank_candidates

    return rank_candidates(config, run, wanted) if run.primary else {}
