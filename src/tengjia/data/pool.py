"""Work shared out over processes: results in the order of the tasks, and no hang whatever happens to a worker.

    with Workforce(make_work, (settings,), workers=0) as workforce:
        for result in workforce.map(tasks, describe=str):
            ...

The processes are started by spawning (safe with threads, and the same on every system), and only when they pay: the
first task is done and timed here. What a worker sends is the same wherever it is made, so their number changes nothing.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import Any, Final

from tengjia.errors import EnvironmentFault, TengjiaError
from tengjia.utilities.signals import leave_interrupts_to_the_parent

PAYS_FROM: Final = 4.0
"""Estimated seconds of work from which processes are started when their number is left open: to start them takes a
second or two."""
AHEAD: Final = 3
"""Tasks for each worker that may be under way or wait to be taken."""

Work = Callable[[Any], Any]


def cores() -> int:
    """Processor cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Workforce:
    """Does tasks in this process, or in several.

    Args:
        make: Gives the function that does one task; called once in every process. It, its arguments, the tasks and the
            results are sent between processes.
        arguments: What `make` is called with.
        workers: How many processes; 1: this one; 0: one a core if the work is long enough.
        check: Called often; raises to stop.
    """

    def __init__(
        self,
        make: Callable[..., Work],
        arguments: tuple[Any, ...],
        *,
        workers: int = 0,
        check: Callable[[], None] = lambda: None,
    ) -> None:
        self._make, self._arguments = make, arguments
        self._workers = workers
        self._check = check
        self._here: Work | None = None
        self._processes: list[_Worker] = []

    def map(self, tasks: Iterable[Any], describe: Callable[[Any], str]) -> Iterator[Any]:
        """The results of tasks, in their order.

        Args:
            tasks: A sequence, so that the work can be estimated.
            describe: Says in words what a task is, for messages.

        Raises:
            EnvironmentFault: A worker was killed, or could not start.
        """
        waiting = deque(tasks)
        if self._workers == 0 and cores() > 1 and not self._processes:
            while waiting and not self._processes:
                result, seconds = self._timed(waiting.popleft())
                if seconds * len(waiting) > PAYS_FROM:
                    self._start(min(cores(), len(waiting)))
                yield result
        elif self._workers > 1 and not self._processes:
            self._start(self._workers)
        if self._processes:
            yield from self._shared(waiting, describe)
        else:
            yield from map(self._done_here, waiting)

    def __enter__(self) -> Workforce:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End all workers."""
        for worker in self._processes:
            worker.end()
        self._processes = []

    def _done_here(self, task: Any) -> Any:
        self._check()
        if self._here is None:
            self._here = self._make(*self._arguments)
        return self._here(task)

    def _timed(self, task: Any) -> tuple[Any, float]:
        self._here = self._here or self._make(*self._arguments)
        began = time.perf_counter()
        return self._done_here(task), time.perf_counter() - began

    def _start(self, count: int) -> None:
        context = multiprocessing.get_context("spawn")
        for number in range(1, count + 1):
            here, there = context.Pipe()
            process = context.Process(target=_serve, args=(there, self._make, self._arguments), daemon=True)
            try:
                process.start()
            except OSError as error:
                raise EnvironmentFault("cache.worker_start", number=number, reason=str(error)) from error
            there.close()  # else nobody would notice its end
            self._processes.append(_Worker(number, process, here))

    def _shared(self, waiting: deque[Any], describe: Callable[[Any], str]) -> Iterator[Any]:
        numbered = deque(enumerate(waiting))
        results: dict[int, Any] = {}
        due, total = 0, len(waiting)
        while due < total:
            for worker in self._processes:
                if worker.number_of_task is None and numbered and numbered[0][0] < due + AHEAD * len(self._processes):
                    worker.give(*numbered.popleft())
            while due in results:
                yield results.pop(due)
                due += 1
            if due == total:
                return
            self._check()
            for worker in self._ready():
                try:
                    task, result = worker.take(describe)
                except EnvironmentFault:
                    self._check()  # Ctrl-C ends a worker that is still starting: then stopping was asked for
                    raise
                results[task] = result

    def _ready(self) -> list[_Worker]:
        """The busy workers that have sent something, or are no more."""
        busy = [worker for worker in self._processes if worker.number_of_task is not None]
        signs: list[Any] = [sign for worker in busy for sign in (worker.connection, worker.process.sentinel)]
        seen = set(wait(signs, timeout=0.5)) if signs else set()
        return [worker for worker in busy if worker.connection in seen or worker.process.sentinel in seen]


@dataclass
class _Worker:
    """One process, from the side of its parent."""

    number: int
    process: SpawnProcess
    connection: Connection
    number_of_task: int | None = None
    task: Any = None

    def give(self, number: int, task: Any) -> None:
        self.number_of_task, self.task = number, task
        with contextlib.suppress(OSError):  # it is dead: `take` will tell
            self.connection.send(task)

    def take(self, describe: Callable[[Any], str]) -> tuple[int, Any]:
        assert self.number_of_task is not None
        try:
            kind, result = self.connection.recv()
        except (EOFError, OSError):
            self.process.join(5)
            raise EnvironmentFault(
                "cache.worker_killed",
                number=self.number,
                process=self.process.pid,
                reason=_ending(self.process.exitcode),
                work=describe(self.task),
            ) from None
        if kind == "error":
            raise result
        number, self.number_of_task, self.task = self.number_of_task, None, None
        return number, result

    def end(self) -> None:
        self.connection.close()
        # An idle worker leaves when its line is cut; a busy one has nothing worth waiting for.
        self.process.join(0.2 if self.number_of_task is None else 0)
        if self.process.is_alive():
            self.process.terminate()
            self.process.join(2)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
        self.process.close()


def _ending(code: int | None) -> str:
    if code is None:
        return "?"
    if code >= 0:
        return f"exit code {code}"
    try:
        return f"signal {-code}, {signal.Signals(-code).name}"
    except ValueError:
        return f"signal {-code}"


def _serve(connection: Connection, make: Callable[..., Work], arguments: tuple[Any, ...]) -> None:
    """The life of a worker."""
    leave_interrupts_to_the_parent()
    os.environ["TOKENIZERS_PARALLELISM"] = "false"  # one thread a worker: the others have the other cores
    work: Work | None = None
    # Its parent has ended or has no more to do: the line is cut.
    with contextlib.suppress(EOFError, OSError):
        while True:
            task = connection.recv()
            try:
                work = work or make(*arguments)
                answer = "done", work(task)
            except TengjiaError as error:
                answer = "error", error
            except Exception:
                answer = "error", RuntimeError(traceback.format_exc())
            connection.send(answer)
