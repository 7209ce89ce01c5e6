"""Stage `cross_validate` of text classification."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tengjia.base_tasks.stages import cross_validation
from tengjia.base_tasks.stages.dataset import Dataset
from tengjia.base_tasks.text_classification.task import TASK
from tengjia.config import Settings
from tengjia.contracts import Model
from tengjia.runs import RunFolder


def cross_validate(
    config: Settings,
    run: RunFolder,
    build_dataset: Callable[[Settings, RunFolder], Dataset] | None = None,
    build_model: Callable[[Settings, Dataset], Model] | None = None,
) -> dict[str, Any]:
    """Train on all folds but one, answer that one, fold after fold (`stages.cross_validation.cross_validate`)."""
    return cross_validation.cross_validate(TASK, config, run, build_dataset=build_dataset, build_model=build_model)
