"""Calls the hooks of many callbacks in order, and keeps the unimportant ones from doing harm."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from tengjia.messages import text
from tengjia.training.callback import Callback, Observer
from tengjia.training.context import Context
from tengjia.training.observation import ObserverThread

logger = logging.getLogger(__name__)


class CallbackList:
    """The callbacks of one training.

    Args:
        callbacks: In any order; they run by `order`, equal ones as given.
    """

    def __init__(self, callbacks: Iterable[Callback]) -> None:
        self.callbacks = sorted(callbacks, key=lambda callback: callback.order)
        self._threads = {id(c): ObserverThread(c) for c in self.callbacks if isinstance(c, Observer)}
        self._hooks: dict[str, list[tuple[Callback, Callable[..., None]]]] = {}

    def call(self, hook: str, context: Context, *arguments: Any) -> None:
        """Run one hook of all callbacks that fill it."""
        if hook not in self._hooks:
            self._hooks[hook] = self._filled(hook)
        for callback, function in self._hooks[hook]:
            if callback.essential:
                function(context, *arguments)
            else:
                self._guarded(callback, hook, function, context, *arguments)

    def state_dict(self) -> dict[str, Any]:
        """The states of all callbacks by the name of their class."""
        states = {type(callback).__name__: callback.state_dict() for callback in self.callbacks}
        return {name: state for name, state in states.items() if state}

    def load_state_dict(self, states: Mapping[str, Any]) -> None:
        """Hand each callback its state; those that the checkpoint does not know keep their own."""
        for callback in self.callbacks:
            if (state := states.get(type(callback).__name__)) is not None:
                callback.load_state_dict(state)

    def _filled(self, hook: str) -> list[tuple[Callback, Callable[..., None]]]:
        filled = [c for c in self.callbacks if getattr(type(c), hook) is not getattr(Callback, hook)]
        return [(c, self._threads[id(c)].entry(hook) if id(c) in self._threads else getattr(c, hook)) for c in filled]

    def _guarded(self, callback: Callback, hook: str, function: Callable[..., None], *arguments: Any) -> None:
        try:
            function(*arguments)
        except Exception as error:
            words = text("trainer.callback_failed", name=type(callback).__name__, hook=hook, reason=repr(error))
            logger.warning(words.message)
            self._hooks = {name: [p for p in pairs if p[0] is not callback] for name, pairs in self._hooks.items()}
            self.callbacks = [known for known in self.callbacks if known is not callback]

    def close(self, context: Context) -> None:
        """Run `on_close` of all, whatever any of them raises, and give observers their grace."""
        for callback in self.callbacks:
            if not isinstance(callback, Observer):
                self._guarded(callback, "on_close", callback.on_close, context)
        for thread in self._threads.values():
            thread.close(context)
