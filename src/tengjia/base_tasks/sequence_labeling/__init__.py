"""Sequence labelling: find spans in text and say what they are (named entities, slots, word boundaries).

The functions that a task's step files call. Each is imported when first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tengjia.utilities.lazy_names import lazily

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

__getattr__ = lazily(
    __name__,
    {
        "Dataset": ".dataset",
        "SequenceLabelingPipeline": ".pipeline",
        "SequenceLabelingUnit": ".unit",
        "apply": ".application",
        "build_dataset": ".dataset",
        "build_model": "..stages.building",
        "cross_validate": ".cross_validation",
        "preprocess": ".preprocessing",
        "test": ".testing",
        "train": ".training",
    },
)
