"""Stage `distil`: students learn, with a teacher and without; the table at the end tells whether it was worth it."""

from tengjia import distillation
from tengjia.config import Settings
from tengjia.runs import RunFolder

from .build_dataset import build_dataset


def distil(config: Settings, run: RunFolder) -> dict[str, float]:
    """Train the students, compare them with their teacher, and leave the bundle of the last."""
    dataset = build_dataset(distillation.student_config(config), run)
    return distillation.distil(config, run, dataset)
