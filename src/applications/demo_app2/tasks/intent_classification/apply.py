"""Stage `apply`: type a text and see its class, or answer a file."""

from tengjia.base_tasks import text_classification
from tengjia.config import Settings
from tengjia.runs import RunFolder


def apply(config: Settings, run: RunFolder) -> dict[str, float]:
    """Answer at a prompt, one text, or a file."""
    return text_classification.apply(config, run)
