"""The data of this task: encoded, cached, in batches."""

from tengjia.base_tasks import sequence_to_sequence
from tengjia.config import Settings
from tengjia.runs import RunFolder


def build_dataset(config: Settings, run: RunFolder) -> sequence_to_sequence.Dataset:
    """The encoded parts of the corpus, with vocabulary and labels."""
    return sequence_to_sequence.build_dataset(config, run)
