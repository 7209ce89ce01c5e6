"""Stage `build`: templates and corpus become a robot with an index."""

from pathlib import Path

from src.modules import chat
from tengjia.config import Settings
from tengjia.runs import RunFolder


def build(config: Settings, run: RunFolder) -> dict[str, float]:
    """Templates and corpus become a robot with an index; leaves the bundle that answers."""
    return chat.build(config, run, folder=Path(__file__).parent)
