"""A learning rate that falls along half a cosine: `schedule=cosine`."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar

from tengjia.config.parameters import Limits
from tengjia.registry import schedules
from tengjia.utilities.warmup import progress_after, warmup_factor, warmup_steps


@schedules.register("cosine")
class Cosine:
    """Warm-up, then half a cosine from 1 to `last` at the end of training (Loshchilov and Hutter 2017). The default.

    Args:
        config: Its parameters.
        total_steps: Optimizer steps of the whole training.
    """

    limits: ClassVar[Limits] = {
        "warmup": (0.0, None),
        "last": (0.0, 1.0),
    }

    @dataclass(frozen=True)
    class Config:
        """Parameters of `cosine`."""

        warmup: float = 0.05
        """Linear warm-up: a share of all steps when below 1, else a number of steps."""
        last: float = 0.0
        """Multiplier at the end of training."""

    def __init__(self, config: Config, *, total_steps: int) -> None:
        self.config = config
        self.total = total_steps
        self.warmup = warmup_steps(config.warmup, total_steps)

    def factor(self, step: int) -> float:
        """Multiplier of the learning rate at a step, counted from 0."""
        if step < self.warmup:
            return warmup_factor(step, self.warmup)
        falling = 0.5 * (1.0 + math.cos(math.pi * progress_after(step, self.warmup, self.total)))
        return self.config.last + (1.0 - self.config.last) * falling

    def state_dict(self) -> dict[str, Any]:
        """Nothing: the multiplier is a function of the step."""
        return {}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Nothing to take back."""
