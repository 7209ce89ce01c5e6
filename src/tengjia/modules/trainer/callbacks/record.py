"""Keeps the points of the curves in the run folder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tengjia.config.parameters import Limits
from tengjia.registry import callbacks
from tengjia.training.callback import Callback
from tengjia.training.context import Context
from tengjia.training.limits import require


@callbacks.register("record")
class Record(Callback):
    """Appends to `metrics.jsonl`: loss, rate and gradient norm (part `train`), scores (part `development`)."""

    limits: ClassVar[Limits] = {"every": (1, None)}

    @dataclass(frozen=True)
    class Config:
        enabled: bool = True
        """Whether to keep the curves."""
        every: int = 10
        """Optimizer steps between two points of the training curves."""
        part: str = "development"
        """Name under which evaluations are kept."""

    order = 700
    essential = False

    def __init__(self, config: Config) -> None:
        require("callbacks.record", self.limits, config)
        self.config = config

    def on_step_end(self, context: Context) -> None:
        """Keep a point of the training curves."""
        state = context.state
        if context.run is None or state.step % self.config.every or state.loss is None:
            return
        values = {"loss": state.loss, "learning_rate": context.learning_rate}
        if state.gradient_norm is not None:
            values["gradient_norm"] = state.gradient_norm
        context.run.log_metrics(state.step, values, part="train", epoch=state.epoch)

    def on_evaluation_end(self, context: Context) -> None:
        """Keep the scores."""
        if context.run is not None:
            state = context.state
            context.run.log_metrics(state.step, state.metrics, part=self.config.part, epoch=state.epoch)
