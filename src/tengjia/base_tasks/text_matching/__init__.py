"""Text matching: how well two texts fit, and which of many fit best (similarity, grading, search, ranking).

The functions that a task's step files call. Each is imported when first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tengjia.base_tasks.stages.building import build_model
    from tengjia.base_tasks.stages.dataset import Dataset
    from tengjia.base_tasks.text_matching.application import apply
    from tengjia.base_tasks.text_matching.cross_validation import cross_validate
    from tengjia.base_tasks.text_matching.dataset import build_dataset
    from tengjia.base_tasks.text_matching.pipeline import TextMatchingPipeline
    from tengjia.base_tasks.text_matching.preprocessing import preprocess
    from tengjia.base_tasks.text_matching.testing import test
    from tengjia.base_tasks.text_matching.training import train
    from tengjia.base_tasks.text_matching.unit import TextMatchingUnit

__all__ = [
    "Dataset",
    "TextMatchingPipeline",
    "TextMatchingUnit",
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
    "TextMatchingPipeline": f"{_OWN}pipeline",
    "TextMatchingUnit": f"{_OWN}unit",
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
