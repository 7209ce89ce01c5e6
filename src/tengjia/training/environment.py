"""Facts about the machine on which equal bits depend; a difference is told when a run is resumed."""

from __future__ import annotations

import logging
import platform
from collections.abc import Mapping
from typing import Any

import torch

import tengjia
from tengjia.messages import text
from tengjia.training.engine import Engine

logger = logging.getLogger(__name__)


def facts(engine: Engine) -> dict[str, Any]:
    """What the last bits of a result depend on, besides seed, settings and data."""
    return {
        "tengjia": tengjia.__version__,
        "torch": torch.__version__,
        "python": platform.python_version(),
        "machine": platform.machine(),
        "device": torch.cuda.get_device_name(engine.device) if engine.device.type == "cuda" else engine.device.type,
        "cpu_capability": torch.backends.cpu.get_cpu_capability(),
        "threads": torch.get_num_threads(),
        "world": engine.ranks.world,
        "strategy": engine.strategy,
        "precision": engine.precision,
    }


def tell_differences(former: Mapping[str, Any], engine: Engine) -> list[str]:
    """Warn of every fact that has changed since the checkpoint was written; give their names."""
    now = facts(engine)
    changed = [name for name, value in now.items() if name in former and former[name] != value]
    for name in changed:
        logger.warning(text("trainer.environment_changed", name=name, before=former[name], now=now[name]).message)
    return changed
