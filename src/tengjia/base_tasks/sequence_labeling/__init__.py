"""Sequence labelling: find spans in text and say what they are (named entities, slots, word boundaries).

The functions that a task's step files call. Each is imported when first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tengjia.base_tasks.sequence_labeling.application import apply
    from tengjia.base_tasks.sequence_labeling.cross_validation import cross_validate
    from tengjia.base_tasks.sequence_labeling.dataset import Dataset, build_dataset
    from tengjia.base_tasks.sequence_labeling.pipeline import SequenceLabelingPipeline
    from tengjia.base_tasks.sequence_labeling.preprocessing import preprocess
    from tengjia.base_tasks.sequence_labeling.testing import test
    from tengjia.base_tasks.sequence_labeling.training import train
    from tengjia.base_tasks.sequence_labeling.unit import SequenceLabelingUnit
    from tengjia.base_tasks.stages.building import build_model

__all__ = [
    "Dataset",
    "SequenceLabelingPipeline",
    "SequenceLabelingUnit",
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
    "Dataset": f"{_OWN}dataset",
    "SequenceLabelingPipeline": f"{_OWN}pipeline",
    "SequenceLabelingUnit": f"{_OWN}unit",
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
