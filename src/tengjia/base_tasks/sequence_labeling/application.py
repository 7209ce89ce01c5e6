"""Stage `apply`: use what was trained, at a prompt, on one text, or on a file of any size.

python run_modeling.py task=ner stage=apply
python run_modeling.py task=ner stage=apply apply.text="林清远，男，云山市人。"
python run_modeling.py task=ner stage=apply apply.input=resumes.txt apply.output=entities.jsonl
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Literal

from tengjia.base_tasks.sequence_labeling.file_tagging import tag_file
from tengjia.base_tasks.sequence_labeling.loading import load_pipeline
from tengjia.base_tasks.sequence_labeling.prompt import answer_prompt, shown
from tengjia.bundle.filelist import FILELIST
from tengjia.config import Settings
from tengjia.config.parameters import Limits
from tengjia.errors import ConfigurationError
from tengjia.reports.terminal import is_coloured
from tengjia.runs import RunFolder
from tengjia.utilities.files import sha256_of_file


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
        """File to tag: `.txt` (a text a line), `.jsonl`, `.json`, `.csv`, `.tsv`, `.xlsx`; all but the last also as
        `.gz`."""

        output: str | None = None
        """File to write; null: the input's name with `.entities.jsonl`."""

        format: Literal["jsonl", "doccano", "label_studio", "brat"] = "jsonl"
        """What to write: one JSON object a line, or pre-annotations for an annotation tool."""

        column: str = "text"
        """Key or column of the text in JSON lines and tables."""

        passed_over: bool = True
        """Whether to give also what the model suspects but its best reading leaves out (never to annotation tools)."""

        max_rejects: int | None = None
        """How many lines of the input may be unusable before the stage stops; null: any number, all are told."""

        batch_size: int = 64
        """How many texts, or windows of long ones, go through the model at once."""

        resume: Literal["auto", "never"] = "auto"
        """Whether to go on with a file whose tagging was interrupted, if input, model and settings are the same."""

        device: str = "auto"
        """Where to compute: `auto`, `cpu`, `cuda`, `cuda:N`, `mps`."""


def apply(config: Settings, run: RunFolder) -> dict[str, Any]:
    """Answer at a prompt, one text, or a file.

    Args:
        config: The effective config of the stage; its section `apply` says what to do.
        run: The run whose bundle is used.

    Returns:
        For a file, how many texts were tagged, and how many entities were found; else nothing worth keeping.

    Raises:
        ConfigurationError: Both a text and a file are given, or the file's kind is not known.
        DataError: The file is missing, or makes no sense.
        Interrupted: A stop was requested while a file was tagged; the same command goes on.
    """
    if not run.primary:
        return {}  # one process of many answers for all
    wanted = Application.Config(**dict(config.get("apply") or {}))
    if wanted.text is not None and wanted.input is not None:
        raise ConfigurationError("pipeline.text_and_file", key="apply.text", found=wanted.input)
    if wanted.output is not None and wanted.input is None:
        raise ConfigurationError("pipeline.output_without_input", key="apply.output", found=wanted.output)
    pipeline = load_pipeline(config, run, wanted.device)
    if wanted.input is not None:
        return tag_file(pipeline, Path(wanted.input), wanted, sha256_of_file(run.bundle / FILELIST))
    if wanted.text is None:
        answer_prompt(pipeline, name=run.id, passed_over=wanted.passed_over)
    else:
        entities = [entity for entity in pipeline(wanted.text) if wanted.passed_over or entity.counts]
        sys.stdout.write(shown(wanted.text, entities, pipeline.labels, colours=is_coloured()) + "\n")
    return {}
