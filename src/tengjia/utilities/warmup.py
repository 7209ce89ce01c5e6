"""Learning rates that begin low (Goyal et al. 2017, section 2.2)."""

from __future__ import annotations

import math


def warmup_steps(warmup: float, total: int) -> int:
    """Steps of a warm-up: a share of `total` when `warmup` is below 1, else `warmup` itself."""
    return math.ceil(warmup * total) if warmup < 1 else int(warmup)


def warmup_factor(step: int, steps: int) -> float:
    """Linear growth over `steps` steps, 1 after them; the first value is above 0, so that no step is wasted."""
    return min(1.0, (step + 1) / (steps + 1))


def progress_after(step: int, steps: int, total: int) -> float:
    """How far `step` is between the end of the warm-up (0) and the end of training (1); never beyond."""
    return min(1.0, max(0, step - steps) / max(1, total - steps))
