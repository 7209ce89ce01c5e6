"""The data of this task: encoded, cached, in batches."""

from tengjia.base_tasks import joint_intent_slot
from tengjia.config import Settings
from tengjia.runs import RunFolder


def build_dataset(config: Settings, run: RunFolder) -> joint_intent_slot.Dataset:
    """The encoded parts of the corpus, with vocabulary and labels."""
    return joint_intent_slot.build_dataset(config, run)
