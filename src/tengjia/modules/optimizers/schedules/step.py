"""A learning rate that falls in stairs: `schedule=step`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from tengjia.config.parameters import Limits
from tengjia.registry import schedules
from tengjia.utilities.warmup import warmup_factor, warmup_steps


@schedules.register("step")
class Step:
    """Warm-up, then the rate is multiplied by `fall` at equal distances.

    Args:
        config: Its parameters.
        total_steps: Optimizer steps of the whole training.
    """

    limits: ClassVar[Limits] = {
        "warmup": (0.0, None),
        "fall": (0.0, 1.0),
        "every": (0.0, None),
    }

    @dataclass(frozen=True)
    class Config:
        """Parameters of `step`."""

        warmup: float = 0.05
        """Linear warm-up: a share of all steps when below 1, else a number of steps."""
        every: float = 0.25
        """Distance of the stairs: a share of all steps when below 1, else a number of steps."""
        fall: float = 0.5
        """What the rate is multiplied by at each stair."""

    def __init__(self, config: Config, *, total_steps: int) -> None:
        self.fall = config.fall
        self.warmup = warmup_steps(config.warmup, total_steps)
        self.every = max(1, warmup_steps(config.every, total_steps))

    def factor(self, step: int) -> float:
        """Multiplier of the learning rate at a step, counted from 0."""
        if step < self.warmup:
            return warmup_factor(step, self.warmup)
        return float(self.fall ** ((step - self.warmup) // self.every))

    def state_dict(self) -> dict[str, Any]:
        """Nothing: the multiplier is a function of the step."""
        return {}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Nothing to take back."""
