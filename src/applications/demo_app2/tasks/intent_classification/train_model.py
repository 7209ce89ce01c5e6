"""Stage `train`: learn, keep the best, leave a bundle."""

from tengjia.base_tasks import text_classification
from tengjia.config import Settings
from tengjia.runs import RunFolder

from .build_dataset import build_dataset
from .build_model import build_model


def train_model(config: Settings, run: RunFolder) -> dict[str, float]:
    """Train, and give the flat results."""
    dataset = build_dataset(config, run)
    model = build_model(config, dataset)
    return text_classification.train(config, run, dataset, model)
