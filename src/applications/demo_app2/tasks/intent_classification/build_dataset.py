"""The data of this task: encoded, cached, in batches."""

from tengjia.base_tasks import text_classification
from tengjia.config import Settings
from tengjia.runs import RunFolder


def build_dataset(config: Settings, run: RunFolder) -> text_classification.Dataset:
    """The encoded parts of the corpus, with vocabulary and classes."""
    return text_classification.build_dataset(config, run)
