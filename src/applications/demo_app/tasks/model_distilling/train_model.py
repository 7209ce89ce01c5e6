"""Stage `train`: the teacher learns."""

from tengjia import distillation
from tengjia.config import Settings
from tengjia.runs import RunFolder

from .build_dataset import build_dataset
from .build_model import build_model


def train_model(config: Settings, run: RunFolder) -> dict[str, float]:
    """Train the teacher, and give the flat results."""
    dataset = build_dataset(config, run)
    model = build_model(config, dataset)
    return distillation.train_teacher(config, run, dataset, model)
