"""Stage `preprocess`: clean, split and encode the corpus once, on all cores; later stages read the cache."""

from tengjia.base_tasks import text_classification
from tengjia.config import Settings
from tengjia.runs import RunFolder


def preprocess(config: Settings, run: RunFolder) -> dict[str, float]:
    """Fill the cache and report on the data."""
    return text_classification.preprocess(config, run)
