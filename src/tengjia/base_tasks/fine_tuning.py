"""How the model of a bundle is trained on: base task -> the two functions that do it.

A base task that can be fine-tuned has a module with

    fine_tune(pipeline, config, run) -> dict      trains on, leaves a bundle in the run, gives flat results
    evaluate(pipeline, config, run) -> dict       scores the pipeline on the test part of the config, flat results
    example(text, answer) -> dict                 one example given in a program, as a row of `json_lines`
    FIXED: tuple[str, ...]                        sections and kinds that are part of the model and stay as they are
"""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import Final

from tengjia.errors import CheckpointError

FINE_TUNING: Final = {"sequence_labeling": "tengjia.base_tasks.sequence_labeling.fine_tuning"}
"""Base task -> module. Imported when first used: they are heavy."""


def fine_tuning(base_task: str) -> ModuleType:
    """The module that trains models of a base task on.

    Raises:
        CheckpointError: There is none.
    """
    if base_task not in FINE_TUNING:
        raise CheckpointError("bundle.other_task", found=str(base_task)[:100], allowed=", ".join(FINE_TUNING))
    return importlib.import_module(FINE_TUNING[base_task])
