"""The model of this task."""

from tengjia.base_tasks import sequence_to_sequence
from tengjia.config import Settings
from tengjia.contracts import Model


def build_model(config: Settings, dataset: sequence_to_sequence.Dataset) -> Model:
    """The model that the config chooses, sized for the data."""
    return sequence_to_sequence.build_model(config, dataset)
