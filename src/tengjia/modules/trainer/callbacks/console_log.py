"""Says in the log how training goes."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from typing import ClassVar

from tengjia.config.parameters import Limits
from tengjia.messages import text
from tengjia.registry import callbacks
from tengjia.training.callback import Callback
from tengjia.training.context import Context
from tengjia.training.limits import require

logger = logging.getLogger("tengjia.training")


@callbacks.register("console_log")
class ConsoleLog(Callback):
    """One line an epoch and an evaluation, and one every so many steps if wanted; on rank 0."""

    limits: ClassVar[Limits] = {"every": (0, None)}

    @dataclass(frozen=True)
    class Config:
        enabled: bool = True
        """Whether to log."""
        every: int = 0
        """Steps between two lines within an epoch; 0 for none."""

    order = 810
    essential = False

    def __init__(self, config: Config) -> None:
        require("callbacks.console_log", self.limits, config)
        self.config = config
        self._since = (0.0, 0)

    def on_epoch_start(self, context: Context) -> None:
        """Start the clock."""
        self._since = (time.perf_counter(), context.state.units)

    def on_step_end(self, context: Context) -> None:
        """Tell of single steps, if wanted."""
        state = context.state
        if self.config.every and state.step % self.config.every == 0 and context.ranks.primary:
            values = {"step": state.step, "loss": f"{state.loss:.4f}", "rate": f"{context.learning_rate:.3g}"}
            logger.info(text("trainer.log_step", **values).message)

    def on_evaluation_end(self, context: Context) -> None:
        """Tell the scores."""
        if context.ranks.primary:
            state = context.state
            # Scores of single types ("entity_f1/NAME") are in the record and in the reports.
            scores = "  ".join(f"{name} {value:.4f}" for name, value in state.metrics.items() if "/" not in name)
            mark = f"  {text('trainer.log_best').message}" if state.best_step == state.step else ""
            logger.info(text("trainer.log_evaluation", step=state.step, scores=scores).message + mark)

    def on_epoch_end(self, context: Context) -> None:
        """Tell of the epoch."""
        if context.ranks.primary:
            state = context.state
            seconds, units = time.perf_counter() - self._since[0], state.units - self._since[1]
            speed = units / seconds if seconds else 0.0
            values = {"epoch": state.epoch + 1, "loss": f"{state.mean_epoch_loss:.4f}", "speed": f"{speed:.0f}"}
            logger.info(text("trainer.log_epoch", **values).message)
