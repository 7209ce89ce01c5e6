"""The data of a task of intents with slots."""

from __future__ import annotations

from tengjia.base_tasks.joint_intent_slot.encoding import Encoding
from tengjia.base_tasks.stages import dataset
from tengjia.base_tasks.stages.dataset import Dataset
from tengjia.config import Settings
from tengjia.runs import RunFolder


def build_dataset(config: Settings, run: RunFolder) -> Dataset:
    """The encoded corpus, prepared now if the cache does not hold it (`stages.dataset.build_dataset`)."""
    return dataset.build_dataset(Encoding, config, run)
