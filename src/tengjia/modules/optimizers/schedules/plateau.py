"""A learning rate that falls when the score no longer improves: `schedule=plateau`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from tengjia.config.parameters import Limits
from tengjia.registry import schedules
from tengjia.utilities.warmup import warmup_factor, warmup_steps


@schedules.register("plateau")
class Plateau:
    """Warm-up, then a constant rate that is multiplied by `fall` when evaluations bring no improvement.

    Args:
        config: Its parameters.
        total_steps: Optimizer steps of the whole training.
    """

    observes = "metric"

    limits: ClassVar[Limits] = {
        "warmup": (0.0, None),
        "patience": (1, None),
        "fall": (0.0, 1.0),
        "threshold": (0.0, None),
        "last": (0.0, 1.0),
    }

    @dataclass(frozen=True)
    class Config:
        """Parameters of `plateau`."""

        warmup: float = 0.05
        """Linear warm-up: a share of all steps when below 1, else a number of steps."""
        direction: Literal["max", "min"] = "max"
        """Whether the monitored metric is better when greater (`max`) or smaller (`min`)."""
        patience: int = 2
        """Evaluations without improvement that are borne before the rate falls."""
        fall: float = 0.5
        """What the rate is multiplied by."""
        threshold: float = 0.0001
        """Least difference that counts as an improvement."""
        last: float = 0.01
        """The multiplier never falls below this."""

    def __init__(self, config: Config, *, total_steps: int) -> None:
        self.config = config
        self.warmup = warmup_steps(config.warmup, total_steps)
        self.scale = 1.0
        self.best: float | None = None
        self.waited = 0

    def factor(self, step: int) -> float:
        """Multiplier of the learning rate at a step, counted from 0."""
        return warmup_factor(step, self.warmup) * self.scale

    def observe(self, value: float) -> None:
        """Take in the monitored metric of an evaluation."""
        if self.best is None or self._gain(value) > self.config.threshold:
            self.best, self.waited = value, 0
            return
        self.waited += 1
        if self.waited > self.config.patience:
            self.scale, self.waited = max(self.config.last, self.scale * self.config.fall), 0

    def _gain(self, value: float) -> float:
        assert self.best is not None
        return value - self.best if self.config.direction == "max" else self.best - value

    def state_dict(self) -> dict[str, Any]:
        """The multiplier, the best metric so far, and the evaluations waited."""
        return {"scale": self.scale, "best": self.best, "waited": self.waited}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Take back what `state_dict` gave."""
        self.scale, self.best, self.waited = state["scale"], state["best"], state["waited"]
