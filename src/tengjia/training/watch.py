"""Notices a training that has gone wrong: a loss that is no number, or one that grows and grows."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping
from typing import Any

from tengjia.errors import TrainingError
from tengjia.training.context import Context

WINDOW = 50
"""Steps whose mean is compared."""


class LossWatch:
    """Compares the loss of the last steps with that of the first.

    Args:
        factor: How many times the mean of the first `WINDOW` steps the mean of the last may be; 0 never stops.
    """

    def __init__(self, factor: float) -> None:
        self.factor = factor
        self._first: list[float] = []
        self._last: deque[float] = deque(maxlen=WINDOW)

    def check(self, loss: float, norm: float | None, context: Context) -> None:
        """Stop at a loss or a gradient that is no number, before anything is saved.

        Args:
            loss: Mean loss a unit of the step.
            norm: Norm of its gradient, if measured.
            context: The training.

        Raises:
            TrainingError: One of them is NaN or infinite.
        """
        # With fp16 an infinite gradient is ordinary: the scaler skips that step.
        if not math.isfinite(loss):
            found = f"loss {loss}"
        elif norm is not None and not math.isfinite(norm) and not context.engine.scaler.is_enabled():
            found = f"gradient norm {norm}"
        else:
            return
        raise TrainingError(
            "trainer.not_finite",
            found=found,
            epoch=context.state.epoch + 1,
            step=context.state.step + 1,
            rate=f"{context.learning_rate:.3g}",
            last=f"{context.state.loss:.4g}" if context.state.loss is not None else "-",
        )

    def observe(self, loss: float, context: Context) -> None:
        """Take in the mean loss of a step.

        Raises:
            TrainingError: The loss has grown beyond the factor.
        """
        if len(self._first) < WINDOW:
            self._first.append(loss)
        self._last.append(loss)
        if self.factor <= 0 or context.state.step < 2 * WINDOW:
            return
        before, now = sum(self._first) / len(self._first), sum(self._last) / len(self._last)
        if before > 0 and now > self.factor * before:
            raise TrainingError(
                "trainer.diverging",
                before=f"{before:.4g}",
                now=f"{now:.4g}",
                step=context.state.step,
                rate=f"{context.learning_rate:.3g}",
            )

    def state_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {"first": self._first, "last": list(self._last)}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take back what `state_dict` gave."""
        self._first = list(state["first"])
        self._last = deque(state["last"], maxlen=WINDOW)
