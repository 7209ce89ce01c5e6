"""The data of this task: encoded, cached, in batches."""

from tengjia.base_tasks import sequence_labeling
from tengjia.config import Settings
from tengjia.runs import RunFolder


def build_dataset(config: Settings, run: RunFolder) -> sequence_labeling.Dataset:
    """The encoded parts of the corpus, with vocabulary and labels."""
    return sequence_labeling.build_dataset(config, run)
