"""Evaluates at regular times, and knows which weights are the best so far."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import ClassVar, Literal

from tengjia.config.parameters import Limits
from tengjia.errors import TrainingError
from tengjia.messages import text
from tengjia.registry import callbacks
from tengjia.training.callback import Callback
from tengjia.training.context import Context
from tengjia.training.evaluation import evaluate
from tengjia.training.limits import require
from tengjia.utilities.nearest import nearest

logger = logging.getLogger(__name__)


@callbacks.register("evaluation")
class Evaluation(Callback):
    """Measures a part of the data every so often, and once at the end.

    An evaluation that is interrupted is made again on resume, before the next step.
    """

    limits: ClassVar[Limits] = {"every": (1, None), "log_samples": (0, None)}

    @dataclass(frozen=True)
    class Config:
        enabled: bool = True
        """Whether to evaluate; without, the last weights are kept as the result."""
        every: int = 1
        """How many epochs or steps lie between two evaluations."""
        unit: Literal["epochs", "steps"] = "epochs"
        """What `every` counts."""
        part: str = "development"
        """The part of the data that is evaluated."""
        log_samples: int = 0
        """How many examples to log at each evaluation, with what is right and what was predicted."""
        loss_threshold: float | None = None
        """Weights whose evaluation loss is above this never become the best."""
        metric_threshold: float | None = None
        """Weights whose monitored metric is worse than this never become the best."""

    order = 200

    def __init__(self, config: Config) -> None:
        require("callbacks.evaluation", self.limits, config)
        self.config = config

    def on_fit_start(self, context: Context) -> None:
        """Make up for an evaluation that was interrupted."""
        if self._due(context):
            self._evaluate(context)

    def on_step_end(self, context: Context) -> None:
        """Evaluate when it is time."""
        if self._due(context):
            self._evaluate(context)

    def on_fit_end(self, context: Context) -> None:
        """Say it when no evaluation met the thresholds."""
        if context.state.metrics and context.state.best_step is None and context.ranks.primary:
            words = text(
                "trainer.nothing_qualified",
                loss=self.config.loss_threshold,
                metric=self.config.metric_threshold,
                monitor=context.monitor,
                seen=", ".join(f"{name} {value:.4f}" for name, value in context.state.metrics.items()),
            )
            logger.warning("%s\n    %s", words.message, words.hint)

    def _due(self, context: Context) -> bool:
        state = context.state
        if state.micro or not state.step or state.evaluated_step == state.step:
            return False
        if self.config.unit == "steps":
            regular = state.step % self.config.every == 0
        else:
            regular = context.at_epoch_end and (state.epoch + 1) % self.config.every == 0
        return regular or state.step >= context.total_steps

    def _evaluate(self, context: Context) -> None:
        state, listeners = context.state, context.callbacks
        assert listeners is not None
        listeners.call("on_evaluation_start", context)
        try:
            metrics = evaluate(context, self.config.part, self.config.log_samples)
            if metrics is None:
                return
            score = self._score(metrics, context)
            state.metrics, state.evaluated_step = metrics, state.step
            if getattr(context.schedule, "observes", None) == "metric":
                context.schedule.observe(score)
            best = self._qualifies(metrics, score, context) and context.is_better(score, state.best_score)
            if best:
                state.best_score, state.best_step = score, state.step
            listeners.call("on_evaluation_end", context)
            if best:
                listeners.call("on_best", context)
        finally:
            listeners.call("on_evaluation_exit", context)

    def _score(self, metrics: dict[str, float], context: Context) -> float:
        if context.monitor not in metrics:
            close = ", ".join(nearest(context.monitor, metrics)) or "-"
            raise TrainingError(
                "trainer.unknown_metric", found=context.monitor, allowed=", ".join(metrics), nearest=close
            )
        return metrics[context.monitor]

    def _qualifies(self, metrics: dict[str, float], score: float, context: Context) -> bool:
        loss, metric = self.config.loss_threshold, self.config.metric_threshold
        return (loss is None or metrics["loss"] <= loss) and (metric is None or not context.is_better(metric, score))
