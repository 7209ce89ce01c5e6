"""The learning rate of the first transformer: `schedule=noam`."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar

from tengjia.config.parameters import Limits
from tengjia.registry import schedules
from tengjia.utilities.warmup import warmup_factor, warmup_steps


@schedules.register("noam")
class Noam:
    """Warm-up, then a fall with the square root of the step (Vaswani et al. 2017, section 5.3).

    Scaled so that the peak is the optimizer's learning rate; the paper's own peak is `(width * warm-up steps) ** -0.5`.

    Args:
        config: Its parameters.
        total_steps: Optimizer steps of the whole training.
    """

    limits: ClassVar[Limits] = {
        "warmup": (0.0, None),
    }

    @dataclass(frozen=True)
    class Config:
        """Parameters of `noam`."""

        warmup: float = 0.1
        """Linear warm-up: a share of all steps when below 1, else a number of steps."""

    def __init__(self, config: Config, *, total_steps: int) -> None:
        self.warmup = warmup_steps(config.warmup, total_steps)

    def factor(self, step: int) -> float:
        """Multiplier of the learning rate at a step, counted from 0."""
        return min(warmup_factor(step, self.warmup), math.sqrt((self.warmup + 1) / (step + 1)))

    def state_dict(self) -> dict[str, Any]:
        """Nothing: the multiplier is a function of the step."""
        return {}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Nothing to take back."""
