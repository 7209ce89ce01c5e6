"""Text matching: how well two texts fit, and which of many fit best (similarity, grading, search, ranking).

The functions that a task's step files call. Each is imported when first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tengjia.utilities.lazy_names import lazily

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

__getattr__ = lazily(
    __name__,
    {
        "Dataset": "..stages.dataset",
        "TextMatchingPipeline": ".pipeline",
        "TextMatchingUnit": ".unit",
        "apply": ".application",
        "build_dataset": ".dataset",
        "build_model": "..stages.building",
        "cross_validate": ".cross_validation",
        "preprocess": ".preprocessing",
        "test": ".testing",
        "train": ".training",
    },
)
