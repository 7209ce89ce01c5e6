"""Saves the training, so that it can go on exactly, and the best weights."""

from __future__ import annotations

import shutil
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Literal

from tengjia.checkpoint import BackgroundWriter, Checkpoint, CheckpointStore
from tengjia.config.parameters import Limits
from tengjia.errors import EnvironmentFault
from tengjia.messages import text
from tengjia.registry import callbacks
from tengjia.training.callback import Callback
from tengjia.training.context import Context
from tengjia.training.limits import require
from tengjia.training.snapshot import best_name, check_finite, name_of, packed_weights, take


@callbacks.register("checkpoint")
class CheckpointCallback(Callback):
    """Copies the training in memory and writes it to disk on a thread of its own: complete, or not at all."""

    limits: ClassVar[Limits] = {"every": (1, None), "keep": (1, None)}

    @dataclass(frozen=True)
    class Config:
        enabled: bool = True
        """Whether to save at all; without, nothing can be resumed and the last weights are the result."""
        every: int = 1
        """How many epochs or steps lie between two checkpoints; one more is written at the end and at a stop."""
        unit: Literal["epochs", "steps"] = "epochs"
        """What `every` counts."""
        keep: int = 2
        """How many of the newest checkpoints stay on disk, besides the best weights."""
        background: bool = True
        """Whether training goes on while a checkpoint is written."""

    order = 900

    def __init__(self, config: Config) -> None:
        require("callbacks.checkpoint", self.limits, config)
        self.config = config
        self._writer = BackgroundWriter()
        self._store: CheckpointStore | None = None
        self._last = ""
        self._written: deque[Path] = deque()
        self._referenced: deque[int | None] = deque(maxlen=max(1, config.keep))

    def on_fit_start(self, context: Context) -> None:
        """Remember what the checkpoint that was resumed from holds on to."""
        context.keeps_best = context.run is not None
        if context.state.step or context.state.micro:
            self._last = name_of(context)
            self._referenced.append(context.state.best_step)

    def on_step_end(self, context: Context) -> None:
        """Save when it is time; tell of a save that failed meanwhile."""
        if self._due(context):
            self._save(context)
        self._watching(context, self._writer.check)

    def on_best(self, context: Context) -> None:
        """Keep the weights that were just judged."""
        check_finite(context)
        state = {"training": context.state.plain(), "seed": context.seed}
        checkpoint = Checkpoint(best_name(context.state.step), state, {"weights": packed_weights(context.unit.module)})
        self._write(context, checkpoint, None)

    def on_interrupt(self, context: Context) -> None:
        """Save at once, and say where."""
        self._save(context)
        self._watching(context, self._writer.wait)
        if context.run is not None:
            context.saved = text("trainer.saved", file=context.run.checkpoints / self._last).message

    def on_fit_end(self, context: Context) -> None:
        """Save the end of the training, and wait until it is on disk."""
        self._save(context)
        self._watching(context, self._writer.wait)

    def on_close(self, context: Context) -> None:
        """Let what is being written become whole, also when training ends by an error."""
        self._watching(context, self._writer.close)

    def _due(self, context: Context) -> bool:
        if self.config.unit == "steps":
            return context.state.step % self.config.every == 0
        return context.at_epoch_end and (context.state.epoch + 1) % self.config.every == 0

    def _save(self, context: Context) -> None:
        name = name_of(context)
        if name == self._last or context.watch is None:
            return
        check_finite(context)
        checkpoint = take(context, context.watch)
        self._last = name
        self._referenced.append(context.state.best_step)
        self._write(context, checkpoint, [best_name(step) for step in self._referenced if step is not None])

    def _write(self, context: Context, checkpoint: Checkpoint, bests: list[str] | None) -> None:
        """Write; and then, after a checkpoint of the training, forget what no kept one needs."""
        if context.run is None or not context.ranks.primary:
            return
        store = self._store = self._store or CheckpointStore(context.run.checkpoints)

        def job() -> None:
            path = store.write(checkpoint)
            if bests is not None:
                store.keep_only("step-", store.known("step-")[-self.config.keep :])
                kept = [name for name in store.known("best-") if name in bests or name > max(bests, default="")]
                store.keep_only("best-", kept)
            self._written.append(path)

        self._watching(context, lambda: self._writer.start(job))
        if not self.config.background:
            self._watching(context, self._writer.wait)

    def _watching(self, context: Context, action: Callable[[], None]) -> None:
        try:
            action()
            while self._written and context.callbacks is not None:
                context.callbacks.call("on_checkpoint", context, self._written.popleft())
        except OSError as error:
            folder = context.run.checkpoints if context.run is not None else "-"
            free = shutil.disk_usage(folder).free >> 20 if context.run is not None else 0
            raise EnvironmentFault(
                "checkpoint.not_written", file=folder, reason=error.strerror or repr(error), free=free
            ) from error
