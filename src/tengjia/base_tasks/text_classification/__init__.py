"""Text classification: say which class a text has, or which classes (sections, sentiments, kinds of questions).

The functions that a task's step files call. Each is imported when first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tengjia.utilities.lazy_names import lazily

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

__getattr__ = lazily(
    __name__,
    {
        "Dataset": "..stages.dataset",
        "TextClassificationPipeline": ".pipeline",
        "TextClassificationUnit": ".unit",
        "apply": ".application",
        "build_dataset": ".dataset",
        "build_model": "..stages.building",
        "cross_validate": ".cross_validation",
        "preprocess": ".preprocessing",
        "test": ".testing",
        "train": ".training",
    },
)
