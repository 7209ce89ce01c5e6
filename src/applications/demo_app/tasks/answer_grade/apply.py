"""Stage `apply`: grade answers, with the points that they meet and miss."""

from src.modules import grading
from tengjia.config import Settings
from tengjia.runs import RunFolder


def apply(config: Settings, run: RunFolder) -> dict[str, float]:
    """Ask for reference and answer at a prompt, grade one, or a file."""
    return grading.apply(config, run)
