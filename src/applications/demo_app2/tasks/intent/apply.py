"""Stage `apply`: type a request and see its intent and slots, or answer a file."""

from tengjia.base_tasks import joint_intent_slot
from tengjia.config import Settings
from tengjia.runs import RunFolder


def apply(config: Settings, run: RunFolder) -> dict[str, float]:
    """Answer at a prompt, one text, or a file."""
    return joint_intent_slot.apply(config, run)
