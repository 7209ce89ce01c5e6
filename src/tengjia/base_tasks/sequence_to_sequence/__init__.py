"""Sequence to sequence: read a text and write another (translation, summaries, rewriting).

The functions that a task's step files call. Each is imported when first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tengjia.base_tasks.sequence_to_sequence.application import apply
    from tengjia.base_tasks.sequence_to_sequence.cross_validation import cross_validate
    from tengjia.base_tasks.sequence_to_sequence.dataset import build_dataset
    from tengjia.base_tasks.sequence_to_sequence.pipeline import SequenceToSequencePipeline
    from tengjia.base_tasks.sequence_to_sequence.preprocessing import preprocess
    from tengjia.base_tasks.sequence_to_sequence.testing import test
    from tengjia.base_tasks.sequence_to_sequence.training import train
    from tengjia.base_tasks.sequence_to_sequence.unit import SequenceToSequenceUnit
    from tengjia.base_tasks.stages.building import build_model
    from tengjia.base_tasks.stages.dataset import Dataset

__all__ = [
    "Dataset",
    "SequenceToSequencePipeline",
    "SequenceToSequenceUnit",
    "apply",
    "build_dataset",
    "build_model",
    "cross_validate",
    "preprocess",
    "test",
    "train",
]

_OWN = f"{__name__}."
_SHARED = "tengjia.base_tasks.stages."
_HOMES = {
    "Dataset": f"{_SHARED}dataset",
    "SequenceToSequencePipeline": f"{_OWN}pipeline",
    "SequenceToSequenceUnit": f"{_OWN}unit",
    "apply": f"{_OWN}application",
    "build_dataset": f"{_OWN}dataset",
    "build_model": f"{_SHARED}building",
    "cross_validate": f"{_OWN}cross_validation",
    "preprocess": f"{_OWN}preprocessing",
    "test": f"{_OWN}testing",
    "train": f"{_OWN}training",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)
