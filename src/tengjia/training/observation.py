"""Observers on threads of their own: they see copies, and training never waits for them."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tengjia.messages import text
from tengjia.training.callback import Observer
from tengjia.training.context import Context
from tengjia.training.state import State

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Observation:
    """What an observer is shown of a training: values, nothing that is alive."""

    state: State
    """The counters and scores at the moment of the hook."""
    run: Path | None
    """Folder of the run."""
    monitor: str
    """The monitored metric."""
    direction: str
    """`"max"` or `"min"`."""
    learning_rate: float
    """Rate of the first parameter group."""
    total_steps: int
    """Budget of optimizer steps."""
    extra: dict[str, Any] = field(default_factory=dict)
    """Plain arguments of the hook (`path`, `error`)."""


class ObserverThread:
    """The queue and the thread of one observer."""

    def __init__(self, observer: Observer) -> None:
        self._observer = observer
        self._events: queue.Queue[tuple[str, Observation] | None] = queue.Queue(observer.capacity)
        self._thread: threading.Thread | None = None
        self._dropped = 0
        self._failed = False

    def entry(self, hook: str) -> Callable[..., None]:
        """What training calls instead of the hook: it takes microseconds and never raises."""

        def enqueue(context: Context, *arguments: Any) -> None:
            self._put((hook, observe(context, arguments)))

        return enqueue

    def close(self, context: Context) -> None:
        """Let the observer finish what it has, for as long as its grace lasts."""
        if self._thread is None:
            return
        self._put(("on_close", observe(context, ())))
        self._put(None)
        self._thread.join(self._observer.grace)
        if self._thread.is_alive() or self._dropped:
            waiting = self._dropped + self._events.qsize()
            logger.warning(text("trainer.observer_late", name=type(self._observer).__name__, count=waiting).message)

    def _put(self, event: tuple[str, Observation] | None) -> None:
        if self._thread is None:
            name = f"observer-{type(self._observer).__name__}"
            self._thread = threading.Thread(target=self._work, name=name, daemon=True)
            self._thread.start()
        try:
            self._events.put_nowait(event)
        except queue.Full:
            self._dropped += 1

    def _work(self) -> None:
        while (event := self._events.get()) is not None:
            hook, observation = event
            try:
                getattr(self._observer, hook)(observation)
            except Exception as error:
                if not self._failed:  # say it once, go on trying: the outside world may come back
                    name = type(self._observer).__name__
                    logger.warning(text("trainer.observer_failed", name=name, hook=hook, reason=repr(error)).message)
                self._failed = True


def observe(context: Context, arguments: tuple[Any, ...]) -> Observation:
    """A copy of what may be told."""
    extra: dict[str, Any] = {}
    for argument in arguments:
        if isinstance(argument, Path):
            extra["path"] = argument
        elif isinstance(argument, BaseException):
            extra["error"] = str(argument)
    return Observation(
        replace(context.state, metrics=dict(context.state.metrics)),
        context.run.path if context.run else None,
        context.monitor,
        context.direction,
        context.learning_rate,
        context.total_steps,
        extra,
    )
