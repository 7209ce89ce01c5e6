"""Stage `train`: learn, keep the best, leave a bundle."""

from tengjia.base_tasks import joint_intent_slot
from tengjia.config import Settings
from tengjia.runs import RunFolder

from .build_dataset import build_dataset
from .build_model import build_model


def train_model(config: Settings, run: RunFolder) -> dict[str, float]:
    """Train, and give the flat results."""
    dataset = build_dataset(config, run)
    model = build_model(config, dataset)
    return joint_intent_slot.train(config, run, dataset, model)
