"""A progress bar of the optimizer steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tengjia.registry import callbacks
from tengjia.training.callback import Callback
from tengjia.training.context import Context


@callbacks.register("progress")
class Progress(Callback):
    """tqdm on standard error, on rank 0, where that is a terminal."""

    @dataclass(frozen=True)
    class Config:
        enabled: bool = True
        """Whether to show a bar."""

    order = 800
    essential = False

    def __init__(self, config: Config) -> None:
        self.config = config
        self._bar: Any = None

    def on_fit_start(self, context: Context) -> None:
        """Draw the bar where the training stands."""
        from tqdm import tqdm

        # `disable=None`: silent where standard error is not a terminal.
        self._bar = tqdm(
            total=context.total_steps,
            initial=context.state.step,
            unit="step",
            disable=None if context.ranks.primary else True,
            mininterval=0.5,
        )

    def on_step_end(self, context: Context) -> None:
        """Move on."""
        self._bar.update(1)

    def on_epoch_end(self, context: Context) -> None:
        """Show what the epoch brought."""
        loss = context.state.mean_epoch_loss
        shown = {"epoch": context.state.epoch + 1, "loss": f"{loss:.4f}" if loss is not None else "-"}
        monitored = context.state.metrics.get(context.monitor)
        if monitored is not None:
            shown["evaluation loss" if context.monitor == "loss" else context.monitor] = f"{monitored:.4f}"
        self._bar.set_postfix(shown)

    def on_close(self, context: Context) -> None:
        """Leave the bar as it is."""
        if self._bar is not None:
            self._bar.close()
