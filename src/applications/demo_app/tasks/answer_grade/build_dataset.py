"""The data of this task: encoded, cached, in batches."""

from tengjia.base_tasks import text_matching
from tengjia.config import Settings
from tengjia.runs import RunFolder


def build_dataset(config: Settings, run: RunFolder) -> text_matching.Dataset:
    """The encoded parts of the corpus, with vocabulary and scale."""
    return text_matching.build_dataset(config, run)
