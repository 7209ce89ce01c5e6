"""Stage `test`: are the answers right, and is refused what has none?"""

from pathlib import Path

from src.modules import chat
from tengjia.config import Settings
from tengjia.runs import RunFolder


def test_model(config: Settings, run: RunFolder) -> dict[str, float]:
    """Measure the robot on questions with known answers."""
    return chat.test(config, run, folder=Path(__file__).parent)


test_model.__test__ = False  # type: ignore[attr-defined]  # a stage, not a test for pytest to collect
