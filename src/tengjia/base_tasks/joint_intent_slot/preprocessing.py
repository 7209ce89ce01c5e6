"""Stage `preprocess` of joint intent and slots."""

from __future__ import annotations

from tengjia.base_tasks.joint_intent_slot.encoding import Encoding
from tengjia.base_tasks.stages import preparation
from tengjia.config import Settings
from tengjia.runs import RunFolder


def preprocess(config: Settings, run: RunFolder) -> dict[str, float]:
    """Fill the cache and report on the data (`stages.preparation.preprocess`)."""
    return preparation.preprocess(Encoding, config, run)
