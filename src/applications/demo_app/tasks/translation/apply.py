"""Stage `apply`: type a sentence and read its translation, or translate a file."""

from tengjia.base_tasks import sequence_to_sequence
from tengjia.config import Settings
from tengjia.runs import RunFolder


def apply(config: Settings, run: RunFolder) -> dict[str, float]:
    """Answer at a prompt, one text, or a file."""
    return sequence_to_sequence.apply(config, run)
