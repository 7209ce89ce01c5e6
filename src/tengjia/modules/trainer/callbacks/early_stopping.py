"""Ends training when it no longer gets better."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from tengjia.config.parameters import Limits
from tengjia.messages import text
from tengjia.registry import callbacks
from tengjia.training.callback import Callback
from tengjia.training.context import Context
from tengjia.training.limits import require


@callbacks.register("early_stopping")
class EarlyStopping(Callback):
    """Counts evaluations without improvement of the monitored metric."""

    limits: ClassVar[Limits] = {"patience": (1, None), "minimum_improvement": (0.0, None)}

    @dataclass(frozen=True)
    class Config:
        enabled: bool = False
        """Whether training may end before its budget is spent."""
        patience: int = 5
        """Evaluations without improvement after which training ends."""
        minimum_improvement: float = 0.0
        """What counts as improvement must be more than this."""

    order = 300

    def __init__(self, config: Config) -> None:
        require("callbacks.early_stopping", self.limits, config)
        self.config = config
        self._best: float | None = None
        self._without = 0

    def on_evaluation_end(self, context: Context) -> None:
        """Count, and end training when patience is over."""
        score = context.state.metrics[context.monitor]
        if self._best is None or self._improves(score, self._best, context.direction):
            self._best, self._without = score, 0
            return
        self._without += 1
        if self._without >= self.config.patience:
            context.finish(text("trainer.stopped_early", monitor=context.monitor, count=self._without).message)

    def _improves(self, score: float, best: float, direction: str) -> bool:
        gain = score - best if direction == "max" else best - score
        return gain > self.config.minimum_improvement

    def state_dict(self) -> dict[str, Any]:
        """The best score and the evaluations since."""
        return {"best": self._best, "without": self._without}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take them back."""
        self._best, self._without = state["best"], state["without"]
