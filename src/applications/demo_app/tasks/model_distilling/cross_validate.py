"""Stage `cross_validate` of the teacher: every example is judged by a model that never saw it."""

from tengjia.base_tasks import text_classification
from tengjia.config import Settings
from tengjia.runs import RunFolder

from .build_dataset import build_dataset
from .build_model import build_model


def cross_validate(config: Settings, run: RunFolder) -> dict[str, float]:
    """Train the folds, and give the flat results."""
    return text_classification.cross_validate(config, run, build_dataset, build_model)
