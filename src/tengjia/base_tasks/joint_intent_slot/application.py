"""Stage `apply`: use what was trained, at a prompt, on one text, or on a file of any size.

python run_modeling.py app=demo_app2 task=intent stage=apply
python run_modeling.py app=demo_app2 task=intent stage=apply apply.text="帮我找北京的测试岗位"
python run_modeling.py app=demo_app2 task=intent stage=apply apply.input=requests.txt apply.output=intents.jsonl
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from tengjia.base_tasks.stages import application
from tengjia.config import Settings
from tengjia.config.parameters import Limits
from tengjia.runs import RunFolder


class Application:
    """What `stage=apply` is asked to do."""

    limits: ClassVar[Limits] = {
        "max_rejects": (0, None),
        "batch_size": (1, None),
    }

    @dataclass(frozen=True)
    class Config:
        """Input and output of the stage."""

        text: str | None = None
        """One text to answer; null: ask at a prompt, or read a file."""

        input: str | None = None
        """File to answer: `.txt` (a text a line), `.jsonl`, `.json`, `.csv`, `.tsv`, `.xlsx`; all but the last also as
        `.gz`."""

        output: str | None = None
        """File to write; null: the input's name with `.intents.jsonl`."""

        column: str = "text"
        """Key or column of the text in JSON lines and tables."""

        max_rejects: int | None = None
        """How many lines of the input may be unusable before the stage stops; null: any number, all are told."""

        batch_size: int = 64
        """How many texts, or windows of long ones, go through the model at once."""

        resume: Literal["auto", "never"] = "auto"
        """Whether to go on with a file that was interrupted, if input, model and settings are the same."""

        device: str = "auto"
        """Where to compute: `auto`, `cpu`, `cuda`, `cuda:N`, `mps`."""


def apply(config: Settings, run: RunFolder) -> dict[str, Any]:
    """Answer at a prompt, one text, or a file (`stages.application.apply`)."""
    from tengjia.base_tasks.joint_intent_slot.task import TASK

    return application.apply(TASK, config, run)
