"""Stage `apply`: use what was trained, at a prompt, on one text, or on a file of any size.

python run_modeling.py task=text_classification stage=apply
python run_modeling.py task=text_classification stage=apply apply.text="2016年毕业于云山大学软件工程专业"
python run_modeling.py task=text_classification stage=apply apply.input=lines.txt apply.output=classes.jsonl
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
        "most_scores": (0, None),
        "threshold": (0.0, 1.0),
        "least_score": (0.0, 1.0),
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
        """File to write; null: the input's name with `.classes.jsonl`."""

        column: str = "text"
        """Key or column of the text in JSON lines and tables."""

        most_scores: int | None = None
        """At most so many classes are given with their probabilities, the most probable; null: all."""

        threshold: float | None = None
        """Probability from which a class is given where a text may have several; null: as the model was saved."""

        least_score: float | None = None
        """An answer less probable is none, where a text has one class; null: as the model was saved."""

        max_rejects: int | None = None
        """How many lines of the input may be unusable before the stage stops; null: any number, all are told."""

        batch_size: int = 64
        """How many texts go through the model at once."""

        resume: Literal["auto", "never"] = "auto"
        """Whether to go on with a file that was interrupted, if input, model and settings are the same."""

        device: str = "auto"
        """Where to compute: `auto`, `cpu`, `cuda`, `cuda:N`, `mps`."""


def apply(config: Settings, run: RunFolder) -> dict[str, Any]:
    """Answer at a prompt, one text, or a file (`stages.application.apply`)."""
    from tengjia.base_tasks.text_classification.task import TASK

    return application.apply(TASK, config, run)
