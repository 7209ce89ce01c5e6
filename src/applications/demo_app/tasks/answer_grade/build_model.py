"""The model of this task."""

from tengjia.base_tasks import text_matching
from tengjia.config import Settings
from tengjia.contracts import Model


def build_model(config: Settings, dataset: text_matching.Dataset) -> Model:
    """The model that the config chooses, sized for the data."""
    return text_matching.build_model(config, dataset)
