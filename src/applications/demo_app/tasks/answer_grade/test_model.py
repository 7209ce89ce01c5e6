"""Stage `test`: score the trained model and write the report; where points are labelled, score them too."""

from src.modules import grading
from tengjia.config import Settings
from tengjia.runs import RunFolder


def test_model(config: Settings, run: RunFolder) -> dict[str, float]:
    """Score the run on the test part."""
    return grading.test(config, run)


test_model.__test__ = False  # type: ignore[attr-defined]  # a stage, not a test for pytest to collect
