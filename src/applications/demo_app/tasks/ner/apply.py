"""Stage `apply`: type a sentence and see its entities, or tag a file."""

from tengjia.base_tasks import sequence_labeling
from tengjia.config import Settings
from tengjia.runs import RunFolder


def apply(config: Settings, run: RunFolder) -> dict[str, float]:
    """Answer at a prompt, one text, or a file."""
    return sequence_labeling.apply(config, run)
