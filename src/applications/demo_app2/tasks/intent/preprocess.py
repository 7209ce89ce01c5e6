"""Stage `preprocess`: clean, split and encode the corpus once, on all cores; later stages read the cache."""

from tengjia.base_tasks import joint_intent_slot
from tengjia.config import Settings
from tengjia.runs import RunFolder


def preprocess(config: Settings, run: RunFolder) -> dict[str, float]:
    """Fill the cache and report on the data."""
    return joint_intent_slot.preprocess(config, run)
