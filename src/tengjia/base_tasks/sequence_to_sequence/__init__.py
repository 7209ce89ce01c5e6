"""Sequence to sequence: read a text and write another (translation, summaries, rewriting).

The functions that a task's step files call. Each is imported when first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tengjia.utilities.lazy_names import lazily

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

__getattr__ = lazily(
    __name__,
    {
        "Dataset": "..stages.dataset",
        "SequenceToSequencePipeline": ".pipeline",
        "SequenceToSequenceUnit": ".unit",
        "apply": ".application",
        "build_dataset": ".dataset",
        "build_model": "..stages.building",
        "cross_validate": ".cross_validation",
        "preprocess": ".preprocessing",
        "test": ".testing",
        "train": ".training",
    },
)
