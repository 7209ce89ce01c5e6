"""Stage `test` of joint intent and slots."""

from __future__ import annotations

from typing import Any

from tengjia.base_tasks.joint_intent_slot.task import TASK
from tengjia.base_tasks.stages import testing
from tengjia.config import Settings
from tengjia.runs import RunFolder


def test(config: Settings, run: RunFolder) -> dict[str, Any]:
    """Score the pipeline on raw text, and report (`stages.testing.test`)."""
    return testing.test(TASK, config, run)


test.__test__ = False  # type: ignore[attr-defined]  # a stage, not a test for pytest to collect
