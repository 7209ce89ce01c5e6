"""Stage `apply`: chat."""

from pathlib import Path

from src.modules import chat
from tengjia.config import Settings
from tengjia.runs import RunFolder


def apply(config: Settings, run: RunFolder) -> dict[str, float]:
    """Chat at a prompt, answer one question, or a file."""
    return chat.apply(config, run, folder=Path(__file__).parent)
