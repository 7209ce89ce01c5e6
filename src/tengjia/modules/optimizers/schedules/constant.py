"""A learning rate that stays: `schedule=constant`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from tengjia.config.parameters import Limits
from tengjia.registry import schedules
from tengjia.utilities.warmup import warmup_factor, warmup_steps


@schedules.register("constant")
class Constant:
    """Multiplier 1, after a warm-up.

    Args:
        config: Its parameters.
        total_steps: Optimizer steps of the whole training.
    """

    limits: ClassVar[Limits] = {
        "warmup": (0.0, None),
    }

    @dataclass(frozen=True)
    class Config:
        """Parameters of `constant`."""

        warmup: float = 0.05
        """Linear warm-up: a share of all steps when below 1, else a number of steps."""

    def __init__(self, config: Config, *, total_steps: int) -> None:
        self.warmup = warmup_steps(config.warmup, total_steps)

    def factor(self, step: int) -> float:
        """Multiplier of the learning rate at a step, counted from 0."""
        return warmup_factor(step, self.warmup)

    def state_dict(self) -> dict[str, Any]:
        """Nothing: the multiplier is a function of the step."""
        return {}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Nothing to take back."""
