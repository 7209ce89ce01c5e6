"""Hooks into training. Everything optional is a callback: evaluation, checkpoints, progress, tracking.

A hook that is not filled costs nothing. Callbacks run in their `order`, the smaller the earlier.

There are three kinds, by how far the training depends on them:

- `Callback`: part of the training. What it raises stops the run.
- `Callback` with `essential = False`: a comfort. If it raises, that is logged and the callback is switched off.
- `Observer`: tells the outside world. It runs on a thread of its own and sees copies, so it can neither slow, stop nor
  fail the run; what it has not told when the run ends and `grace` seconds are over is lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from pathlib import Path

    import torch

    from tengjia.contracts import AnyBatch
    from tengjia.training.context import Context


class Callback:
    """Base of all callbacks. A registered one is built as `Class(config)`; its `Config` begins with `enabled: bool`."""

    order: ClassVar[int] = 500
    """Place among the callbacks. EMA 100, evaluation 200, early stopping 300, checkpoint 900."""

    essential: ClassVar[bool] = True
    """Whether an error in it ends the run."""

    def on_fit_start(self, context: Context) -> None:
        """Once, when model, optimizer and data are ready and a checkpoint, if any, has been loaded."""

    def on_epoch_start(self, context: Context) -> None:
        """Before the first step of an epoch, and before the first step after a resume."""

    def on_backward_end(self, context: Context, batch: AnyBatch, weight: int) -> None:
        """After the gradients of a micro-batch were added, before clipping.

        Args:
            context: The training.
            batch: The micro-batch.
            weight: Units of the global batch, by which its loss is divided.
        """

    def on_update_start(self, context: Context) -> None:
        """Before gradients are clipped and applied."""

    def on_step_end(self, context: Context) -> None:
        """After an optimizer step; the counters of the state include it, the gradients are gone."""

    def on_evaluation_start(self, context: Context) -> None:
        """Before an evaluation, when weights may be exchanged for those to be judged."""

    def on_evaluation_end(self, context: Context) -> None:
        """After an evaluation: `state.metrics` is new, and the weights that were judged are still in place."""

    def on_evaluation_exit(self, context: Context) -> None:
        """After that, even if the evaluation failed: put the weights of training back."""

    def on_best(self, context: Context) -> None:
        """After `on_evaluation_end` of all, when the monitored score is the best so far and meets the thresholds."""

    def on_checkpoint(self, context: Context, path: Path) -> None:
        """After a checkpoint is whole and on disk; with background writing some steps after it was taken."""

    def on_epoch_end(self, context: Context) -> None:
        """After the last step of an epoch and all that hangs on it."""

    def on_interrupt(self, context: Context) -> None:
        """When a stop was requested (SIGTERM, Ctrl-C), at a place from which training can go on exactly."""

    def on_fit_end(self, context: Context) -> None:
        """Once, after the last step of a training that was brought to its end."""

    def on_error(self, context: Context, error: BaseException) -> None:
        """When training ends by an error or on request, after everything else."""

    def on_close(self, context: Context) -> None:
        """Last of all, however training ended: give back what you hold (files, threads, bars)."""

    def state_dict(self) -> dict[str, Any]:
        """What a checkpoint shall keep of you as JSON."""
        return {}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take back what `state_dict` gave."""

    def tensors(self) -> dict[str, torch.Tensor]:
        """Tensors that a checkpoint shall keep of you."""
        return {}

    def load_tensors(self, tensors: Mapping[str, torch.Tensor]) -> None:
        """Take back what `tensors` gave; called after `on_fit_start`'s state, before the first step."""


class Observer(Callback):
    """Tells the outside world (tracking, platform reports). Each hook runs on the observer's thread.

    `context` is then an `Observation`: state and names, no model, no optimizer.
    """

    essential: ClassVar[bool] = False
    grace: ClassVar[float] = 5.0
    """Seconds to wait at the end of the run for what has not been told yet."""
    capacity: ClassVar[int] = 10_000
    """Events kept in memory while the outside world does not answer; newer ones are dropped then, and counted."""
