"""Sequence labelling: find spans in text and say what they are (named entities, slots, word boundaries).

The functions that a task's step files call. Each is imported when first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tengjia.base_tasks.sequence_labeling.application import apply
    from tengjia.base_tasks.sequence_labeling.dataset import Dataset, build_dataset
    from tengjia.base_tasks.sequence_labeling.pipeline import SequenceLabelingPipeline
    from tengjia.base_tasks.sequence_labeling.preprocessing import preprocess
    from tengjia.base_tasks.sequence_labeling.testing import test
    from tengjia.base_tasks.sequence_labeling.training import train
    from tengjia.base_tasks.sequence_labeling.unit import SequenceLabelingUnit, build_model

__all__ = [
    "Dataset",
    "SequenceLabelingPipeline",
    "SequenceLabelingUnit",
    "apply",
    "build_dataset",
    "build_model",
    "preprocess",
    "test",
    "train",
]

_HOMES = {
    "Dataset": "dataset",
    "SequenceLabelingPipeline": "pipeline",
    "SequenceLabelingUnit": "unit",
    "apply": "application",
    "build_dataset": "dataset",
    "build_model": "unit",
    "preprocess": "preprocessing",
    "test": "testing",
    "train": "training",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
