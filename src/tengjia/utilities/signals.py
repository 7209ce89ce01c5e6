"""Stopping on request: SIGTERM and Ctrl-C end long work at the next safe place, not in the middle of it.

    with stop_requests() as stop:
        for item in work:
            do(item)
            stop.check("12 of 40 files are cached")     # raises `Interrupted` once somebody asked

The first signal only sets a flag. A second Ctrl-C stops at once (`KeyboardInterrupt`). Blocks may be nested,
and may run on a thread that is not the main one: all share the flag of the outermost block.
"""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType
from typing import Final

from tengjia.errors import Interrupted

SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)


class StopRequest:
    """Whether somebody asked to stop, and how."""

    def __init__(self) -> None:
        self.signal: int | None = None
        """The number of the first signal that came, `None` so far."""
        self.told = False
        """Whether `check` has raised."""

    @property
    def requested(self) -> bool:
        """Whether to stop at the next safe place."""
        return self.signal is not None

    def request(self, number: int = signal.SIGTERM) -> None:
        """Ask to stop, as the signal `number` would."""
        if self.signal is None:
            self.signal = int(number)

    def check(self, saved: str = "") -> None:
        """Stop here if asked to.

        Args:
            saved: What has been kept, in words for the user.

        Raises:
            Interrupted: A stop was requested; exit code 143 or 130.
        """
        if self.signal is not None:
            self.told = True
            raise Interrupted(self.signal, saved)

    def _receive(self, number: int, frame: FrameType | None) -> None:
        if self.requested and number == signal.SIGINT:
            raise KeyboardInterrupt
        self.request(number)


_current: StopRequest | None = None


@contextlib.contextmanager
def stop_requests() -> Iterator[StopRequest]:
    """Turn SIGTERM and SIGINT into a flag while the block runs; the former handlers come back after it.

    Raises:
        Interrupted: A signal came after the last check of the block: it is not forgotten.
    """
    global _current
    if _current is not None or threading.current_thread() is not threading.main_thread():
        yield _current or StopRequest()
        return
    _current = StopRequest()
    former = {number: signal.signal(number, _current._receive) for number in SIGNALS}
    own = _current
    try:
        yield own
    finally:
        _current = None
        for number, handler in former.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
    if not own.told:
        own.check()


class _Terminated(KeyboardInterrupt):
    """SIGTERM, as Python has `KeyboardInterrupt` for SIGINT."""


@contextlib.contextmanager
def stoppable() -> Iterator[None]:
    """Make SIGTERM and Ctrl-C end the block at once, but in words: for work that has no safe places of its own.

    Inside `stop_requests` its rules hold.

    Raises:
        Interrupted: A signal came.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    former = signal.signal(signal.SIGTERM, _terminate)
    try:
        yield
    except KeyboardInterrupt as error:
        number = signal.SIGTERM if isinstance(error, _Terminated) else signal.SIGINT
        raise Interrupted(int(number)) from error
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL if former is None else former)


def _terminate(number: int, frame: FrameType | None) -> None:
    raise _Terminated


def leave_interrupts_to_the_parent() -> None:
    """First line of a worker process: Ctrl-C reaches the whole group, and only the parent shall answer."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
