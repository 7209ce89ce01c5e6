"""The model of this task."""

from tengjia.base_tasks import joint_intent_slot
from tengjia.config import Settings
from tengjia.contracts import Model


def build_model(config: Settings, dataset: joint_intent_slot.Dataset) -> Model:
    """The model that the config chooses, sized for the data."""
    return joint_intent_slot.build_model(config, dataset)
