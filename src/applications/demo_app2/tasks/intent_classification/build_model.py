"""The model of this task."""

from tengjia.base_tasks import text_classification
from tengjia.config import Settings
from tengjia.contracts import Model


def build_model(config: Settings, dataset: text_classification.Dataset) -> Model:
    """The model that the config chooses, sized for the data."""
    return text_classification.build_model(config, dataset)
