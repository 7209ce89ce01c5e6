"""Stage `test`: score the trained model and write the report."""

from tengjia.base_tasks import text_classification
from tengjia.config import Settings
from tengjia.runs import RunFolder


def test_model(config: Settings, run: RunFolder) -> dict[str, float]:
    """Score the run on the test part."""
    return text_classification.test(config, run)


test_model.__test__ = False  # type: ignore[attr-defined]  # a stage, not a test for pytest to collect
