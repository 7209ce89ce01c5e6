"""Writes checkpoints on a thread of its own, so that training waits only for a copy in memory."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable

LOWEST_PRIORITY = 19


class BackgroundWriter:
    """Runs one job at a time. The next one waits for the one before; a failure is raised at the next call."""

    def __init__(self) -> None:
        self._thread: threading.Thread | None = None
        self._error: BaseException | None = None

    def start(self, job: Callable[[], None]) -> None:
        """Begin a job, after the one before it is done.

        Raises:
            Exception: What the job before raised.
        """
        self.wait()
        self._thread = threading.Thread(target=self._run, args=(job,), name="checkpoint", daemon=True)
        self._thread.start()

    def check(self) -> None:
        """Raise what a finished job raised; costs nothing and waits for nothing."""
        if self._thread is not None and not self._thread.is_alive():
            self.wait()

    def wait(self) -> None:
        """Wait until nothing is being written.

        Raises:
            Exception: What the job raised.
        """
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        if self._error is not None:
            error, self._error = self._error, None
            raise error

    def _run(self, job: Callable[[], None]) -> None:
        try:
            if sys.platform == "linux":  # threads have a niceness of their own there: training goes first
                os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), LOWEST_PRIORITY)
            job()
        except BaseException as error:
            self._error = error
