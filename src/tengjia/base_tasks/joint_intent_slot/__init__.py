"""Joint intent and slots: say what a request wants, and find the parts of it that say with what.

It is sequence labelling with a class of the whole text: encoding, windows and the reading of tags are those of
`sequence_labeling`, names of classes and thresholds those of `text_classification`. The functions that a task's step
files call. Each is imported when first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tengjia.base_tasks.joint_intent_slot.application import apply
    from tengjia.base_tasks.joint_intent_slot.cross_validation import cross_validate
    from tengjia.base_tasks.joint_intent_slot.dataset import build_dataset
    from tengjia.base_tasks.joint_intent_slot.pipeline import JointIntentSlotPipeline
    from tengjia.base_tasks.joint_intent_slot.preprocessing import preprocess
    from tengjia.base_tasks.joint_intent_slot.testing import test
    from tengjia.base_tasks.joint_intent_slot.training import train
    from tengjia.base_tasks.joint_intent_slot.unit import JointIntentSlotUnit
    from tengjia.base_tasks.stages.building import build_model
    from tengjia.base_tasks.stages.dataset import Dataset

__all__ = [
    "Dataset",
    "JointIntentSlotPipeline",
    "JointIntentSlotUnit",
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
    "JointIntentSlotPipeline": f"{_OWN}pipeline",
    "JointIntentSlotUnit": f"{_OWN}unit",
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
