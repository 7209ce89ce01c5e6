"""Text classification: say which class a text has, or which classes (sections, sentiments, kinds of questions).

The functions that a task's step files call. Each is imported when first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tengjia.base_tasks.stages.building import build_model
    from tengjia.base_tasks.stages.dataset import Dataset
    from tengjia.base_tasks.text_classification.application import apply
    from tengjia.base_tasks.text_classification.cross_validation import cross_validate
    from tengjia.base_tasks.text_classification.dataset import build_dataset
    from tengjia.base_tasks.text_classification.pipeline import TextClassificationPipeline
    from tengjia.base_tasks.text_classification.preprocessing import preprocess
    from tengjia.base_tasks.text_classification.testing import test
    from tengjia.base_tasks.text_classification.training import train
    from tengjia.base_tasks.text_classification.unit import TextClassificationUnit

__all__ = [
    "Dataset",
    "TextClassificationPipeline",
    "TextClassificationUnit",
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
    "TextClassificationPipeline": f"{_OWN}pipeline",
    "TextClassificationUnit": f"{_OWN}unit",
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
