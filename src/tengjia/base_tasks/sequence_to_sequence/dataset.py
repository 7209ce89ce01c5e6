"""The data of a sequence to sequence task."""

from __future__ import annotations

from tengjia.base_tasks.sequence_to_sequence.encoding import Encoding
from tengjia.base_tasks.stages import dataset
from tengjia.base_tasks.stages.dataset import Dataset
from tengjia.config import Settings
from tengjia.runs import RunFolder

__all__ = ["Dataset", "build_dataset"]


def build_dataset(config: Settings, run: RunFolder) -> Dataset:
    """The encoded corpus, prepared now if the cache does not hold it (`stages.dataset.build_dataset`)."""
    return dataset.build_dataset(Encoding, config, run)
