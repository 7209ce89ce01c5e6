"""Stage `apply`: chat at a prompt, ask one question, or answer a file.

python run_modeling.py app=demo_app2 task=chat stage=apply
python run_modeling.py app=demo_app2 task=chat stage=apply apply.text=怎么投简历
python run_modeling.py app=demo_app2 task=chat stage=apply apply.input=questions.txt
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Literal, cast

from src.modules.chat.building import tell_stale
from src.modules.chat.robot import Reply
from src.modules.chat.service import Service
from src.modules.pipelines.chat import ChatPipeline
from tengjia.base_tasks.stages.base_task import BaseTask
from tengjia.base_tasks.stages.file_answers import answer_file
from tengjia.base_tasks.stages.prompt import answer_prompt, answer_shown
from tengjia.bundle.filelist import FILELIST
from tengjia.config import Settings
from tengjia.config.parameters import Limits
from tengjia.errors import CheckpointError, ConfigurationError
from tengjia.messages import text
from tengjia.reports.terminal import printable
from tengjia.runs import RunFolder
from tengjia.utilities.files import sha256_of_file


class Application:
    """What `stage=apply` is asked to do."""

    limits: ClassVar[Limits] = {"max_rejects": (0, None), "batch_size": (1, None)}

    @dataclass(frozen=True)
    class Config:
        """Questions, and where the answers go."""

        text: str | None = None
        """One question; null: chat at a prompt, or answer a file."""

        input: str | None = None
        """File of questions: `.txt` (one a line), `.csv`, `.tsv`, `.jsonl`, `.json`, `.xlsx`."""

        output: str | None = None
        """File to write, a reply a line (JSON); null: beside the input."""

        column: str = "question"
        """Column or key of the question in tables and JSON."""

        max_rejects: int | None = None
        """How many lines of the input may be unusable before the stage stops; null: any number, all are told."""

        batch_size: int = 64
        """How many questions are taken at once."""

        resume: Literal["auto", "never"] = "auto"
        """`auto`: go on with a file that was interrupted, if input, robot and settings are the same."""


@dataclass(frozen=True)
class _Asked:
    """What the stages want to know of a task that is only asked: the part of `BaseTask` that is not about training."""

    shown: Callable[..., str]
    columns: Mapping[str, str] = field(default_factory=dict)
    formats: Mapping[str, Any] = field(default_factory=dict)
    counted: Mapping[str, Callable[[Any], int]] = field(default_factory=dict)
    kept: Callable[[Any, Any], Any] = lambda answer, wanted: answer


def apply(config: Settings, run: RunFolder, *, folder: Path) -> dict[str, Any]:
    """Chat, answer one question, or a file.

    Args:
        config: The effective config; its sections `apply` and `service` say what to do.
        run: The run whose bundle is used.
        folder: Folder of the task.

    Returns:
        For a file, how many questions there were; else nothing worth keeping.

    Raises:
        ConfigurationError: Two things are asked at once, or the service is not to be reached as the config says.
        CheckpointError: The run left no robot.
        DataError: The file is missing, or makes no sense.
    """
    if not run.primary:
        return {}  # one process of many answers for all
    wanted = Application.Config(**dict(config.get("apply") or {}))
    if wanted.text is not None and wanted.input is not None:
        raise ConfigurationError("pipeline.text_and_file", key="apply.text", found=wanted.input)
    if wanted.output is not None and wanted.input is None:
        raise ConfigurationError("pipeline.output_without_input", key="apply.output", found=wanted.output)
    pipeline = load_robot(config, run, folder)
    task = cast(BaseTask, _Asked(shown, counted={"understood": lambda reply: int(reply.known)}))
    if wanted.input is not None:
        return answer_file(task, pipeline, Path(wanted.input), wanted, sha256_of_file(run.bundle / FILELIST))
    if wanted.text is None:
        answer_prompt(task, pipeline, wanted, name=pipeline.robot.templates.robot.get("name", run.id))
    else:
        sys.stdout.write(answer_shown(task, pipeline, wanted, wanted.text) + "\n")
    return {}


def load_robot(config: Settings, run: RunFolder, folder: Path) -> ChatPipeline:
    """The robot of a run, with the service of the config; told if what it was built from has changed since.

    Raises:
        CheckpointError: The run left none.
        ConfigurationError: The service is not to be reached as the config says.
    """
    if not run.bundle.is_dir():
        raise CheckpointError("chat.not_built", file=run.path)
    pipeline = ChatPipeline.load(run.bundle)
    tell_stale(pipeline.sources, folder, Path(config.dataset_root))
    service = Service.Config(**dict(config.get("service") or {}))
    if service.address is not None:
        pipeline.robot.service = Service(service)
    return pipeline


def shown(question: str, reply: Reply, pipeline: Any, *, colours: bool = False) -> str:
    """A reply for a terminal."""
    if reply.answer is None:
        return text("chat.unknown").message
    return "\n".join(map(printable, reply.answer.split("\n")))
