"""Stage `train` of joint intent and slots."""

from __future__ import annotations

from typing import Any

from tengjia.base_tasks.joint_intent_slot.task import TASK
from tengjia.base_tasks.stages import training
from tengjia.base_tasks.stages.dataset import Dataset
from tengjia.config import Settings
from tengjia.contracts import Model
from tengjia.runs import RunFolder


def train(config: Settings, run: RunFolder, dataset: Dataset, model: Model) -> dict[str, Any]:
    """Train, and leave the bundle of the best weights (`stages.training.train`)."""
    return training.train(TASK, config, run, dataset, model)
