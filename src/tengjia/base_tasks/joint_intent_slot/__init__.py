"""Joint intent and slots: say what a request wants, and find the parts of it that say with what.

It is sequence labelling with a class of the whole text: encoding, windows and the reading of tags are those of
`sequence_labeling`, names of classes and thresholds those of `text_classification`. The functions that a task's step
files call. Each is imported when first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tengjia.utilities.lazy_names import lazily

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

__getattr__ = lazily(
    __name__,
    {
        "Dataset": "..stages.dataset",
        "JointIntentSlotPipeline": ".pipeline",
        "JointIntentSlotUnit": ".unit",
        "apply": ".application",
        "build_dataset": ".dataset",
        "build_model": "..stages.building",
        "cross_validate": ".cross_validation",
        "preprocess": ".preprocessing",
        "test": ".testing",
        "train": ".training",
    },
)
