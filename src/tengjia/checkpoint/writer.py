"""Writes checkpoints on a thread of its own, so that training waits only for a copy in memory.

The thread has the priority of all others. With the lowest one it held Python's lock while it had lost its turn to
threads that only waited for their next work, and training waited with them: about 17 ms a checkpoint against 10 ms.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable


class BackgroundWriter:
    """Runs jobs one after the other. At most one waits behind the one that runs; a third waits to be handed in.

    What was handed in before a failure was told is never run after it: nothing newer may seem to follow.
    """

    def __init__(self) -> None:
        self._jobs: queue.Queue[tuple[int, Callable[[], None]] | None] = queue.Queue(maxsize=1)
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._error: BaseException | None = None
        self._failures = 0

    def start(self, job: Callable[[], None]) -> None:
        """Hand in a job.

        Raises:
            Exception: What a job before raised; this one is not taken then.
        """
        with self._lock:
            self._tell()
            failures = self._failures
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="checkpoint", daemon=True)
            self._thread.start()
        self._jobs.put((failures, job))

    def check(self) -> None:
        """Raise what a job raised; costs nothing and waits for nothing."""
        if self._error is not None:
            with self._lock:
                self._tell()

    def _tell(self) -> None:
        if self._error is not None:
            error, self._error = self._error, None
            raise error

    def wait(self) -> None:
        """Wait until nothing is left to write.

        Raises:
            Exception: What a job raised.
        """
        self._jobs.join()
        self.check()

    def close(self) -> None:
        """Finish what was handed in, and end the thread; a later `start` begins a new one.

        Raises:
            Exception: What a job raised.
        """
        if self._thread is not None:
            self._jobs.put(None)
            self._thread.join()
            self._thread = None
        self.check()

    def _work(self) -> None:
        while (handed := self._jobs.get()) is not None:
            failures, job = handed
            try:
                if failures == self._failures:
                    job()
            except BaseException as error:
                with self._lock:
                    self._error = error
                    self._failures += 1
            finally:
                self._jobs.task_done()
        self._jobs.task_done()
