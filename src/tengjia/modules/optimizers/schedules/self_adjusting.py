"""A learning rate that tries its neighbours and follows the loss: `schedule=self_adjusting`."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import fmean
from typing import Any, ClassVar

from tengjia.config.parameters import Limits
from tengjia.registry import schedules
from tengjia.utilities.warmup import warmup_factor, warmup_steps


@schedules.register("self_adjusting")
class SelfAdjusting:
    """After a warm-up, compares the present rate with one a little higher and one a little lower, again and again.

    A cycle is `3 * window + 1` steps. Each of the three rates makes `window` updates; an update is judged by the
    relative fall of the loss from its own batch to the next, `(loss - next loss) / loss`. The rate with the greatest
    mean fall (without the greatest and the least when there are more than three) becomes the present one. The last step
    of a cycle is not judged: its loss only tells what the update before it did.

    Args:
        config: Its parameters.
        total_steps: Optimizer steps of the whole training.
    """

    observes = "loss"

    limits: ClassVar[Limits] = {
        "warmup": (0.0, None),
        "window": (1, None),
        "ratio": (0.0, 1.0),
        "least": (0.0, None),
        "greatest": (0.0, None),
    }

    @dataclass(frozen=True)
    class Config:
        """Parameters of `self_adjusting`."""

        warmup: float = 0.05
        """Linear warm-up: a share of all steps when below 1, else a number of steps."""
        window: int = 10
        """Updates with each of the three rates in a cycle."""
        ratio: float = 0.1
        """How far the neighbours lie from the present rate."""
        alternate: bool = True
        """Whether the rates take turns at every step (so that a trend of the loss favours none) or in three blocks."""
        least: float = 0.001
        """The multiplier never falls below this."""
        greatest: float = 10.0
        """The multiplier never rises above this."""

    def __init__(self, config: Config, *, total_steps: int) -> None:
        self.config = config
        self.warmup = warmup_steps(config.warmup, total_steps)
        self.scale = 1.0
        self.seen = 0
        self.previous = math.nan
        self.falls: list[list[float]] = [[], [], []]

    def factor(self, step: int) -> float:
        """Multiplier of the learning rate at a step, counted from 0."""
        choice = self._choice(step)
        return warmup_factor(step, self.warmup) if choice is None else self._rates()[choice]

    def observe(self, value: float) -> None:
        """Take in the loss of a step's batch, measured before its update."""
        judged = self._choice(self.seen - 1)
        if judged is not None and not self._rests(self.seen - 1) and self.previous > 0:
            self.falls[judged].append((self.previous - value) / self.previous)
        if self.seen >= self.warmup and self._rests(self.seen):
            self._decide()
        self.previous = value
        self.seen += 1

    def _choice(self, step: int) -> int | None:
        """Which of the three rates a step uses; `None` in the warm-up."""
        if step < self.warmup:
            return None
        if self._rests(step):
            return 0
        position = (step - self.warmup) % (3 * self.config.window + 1)
        return position % 3 if self.config.alternate else position // self.config.window

    def _rests(self, step: int) -> bool:
        """Whether a step is the last of its cycle."""
        return (step - self.warmup) % (3 * self.config.window + 1) == 3 * self.config.window

    def _rates(self) -> list[float]:
        """Present, higher and lower multiplier."""
        ratio, least, greatest = self.config.ratio, self.config.least, self.config.greatest
        return [min(greatest, max(least, self.scale * (1.0 + sign * ratio))) for sign in (0, 1, -1)]

    def _decide(self) -> None:
        means = [_trimmed_mean(falls) for falls in self.falls]
        self.scale = self._rates()[means.index(max(means))]
        self.falls = [[], [], []]

    def state_dict(self) -> dict[str, Any]:
        """The present multiplier, and the cycle so far."""
        previous = None if math.isnan(self.previous) else self.previous
        return {"scale": self.scale, "seen": self.seen, "previous": previous, "falls": [list(f) for f in self.falls]}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Take back what `state_dict` gave."""
        self.scale, self.seen = state["scale"], state["seen"]
        self.previous = math.nan if state["previous"] is None else state["previous"]
        self.falls = [list(falls) for falls in state["falls"]]


def _trimmed_mean(values: list[float]) -> float:
    """Mean without the greatest and the least of more than three; the worst of all when there is none."""
    if not values:
        return -math.inf
    return fmean(sorted(values)[1:-1] if len(values) > 3 else values)
