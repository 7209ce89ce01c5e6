"""Stage `cross_validate`: train and answer fold after fold; every example is judged by a model that never saw it."""

from tengjia.base_tasks import joint_intent_slot
from tengjia.config import Settings
from tengjia.runs import RunFolder

from .build_dataset import build_dataset
from .build_model import build_model


def cross_validate(config: Settings, run: RunFolder) -> dict[str, float]:
    """Train the folds, and give the flat results."""
    return joint_intent_slot.cross_validate(config, run, build_dataset, build_model)
