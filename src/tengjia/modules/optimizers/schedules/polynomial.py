"""A learning rate that falls along a power of the time left: `schedule=polynomial`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from tengjia.config.parameters import Limits
from tengjia.registry import schedules
from tengjia.utilities.warmup import progress_after, warmup_factor, warmup_steps


@schedules.register("polynomial")
class Polynomial:
    """Warm-up, then `(1 - progress) ** power` from 1 to `last` at the end of training.

    Args:
        config: Its parameters.
        total_steps: Optimizer steps of the whole training.
    """

    limits: ClassVar[Limits] = {
        "warmup": (0.0, None),
        "power": (0.0, None),
        "last": (0.0, 1.0),
    }

    @dataclass(frozen=True)
    class Config:
        """Parameters of `polynomial`."""

        warmup: float = 0.05
        """Linear warm-up: a share of all steps when below 1, else a number of steps."""
        power: float = 2.0
        """1 is a straight line; above 1 falls fast first."""
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
        left = 1.0 - progress_after(step, self.warmup, self.total)
        return float(self.config.last + (1.0 - self.config.last) * left**self.config.power)

    def state_dict(self) -> dict[str, Any]:
        """Nothing: the multiplier is a function of the step."""
        return {}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Nothing to take back."""
