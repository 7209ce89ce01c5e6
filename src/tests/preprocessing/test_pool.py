"""Results in order, and an end in time whatever happens to a worker."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time

import pytest

from tengjia.data import pool
from tengjia.data.pool import Workforce
from tengjia.errors import DataError, EnvironmentFault, Interrupted
from tengjia.utilities.signals import stop_requests


class Squares:
    """Work with a base; some tasks misbehave."""

    def __init__(self, base: int) -> None:
        self.base = base

    def __call__(self, task: int | str) -> tuple[int, int]:
        if task == "bad row":
            raise DataError("cache.no_part", found="x", allowed="y")
        if task == "bug":
            raise ZeroDivisionError("a bug")
        if task == "kill" and multiprocessing.parent_process() is not None:
            os.kill(os.getpid(), signal.SIGKILL)
        if task == "leave" and multiprocessing.parent_process() is not None:
            os._exit(7)
        if task == "sleep":
            time.sleep(60)
        if isinstance(task, int):
            time.sleep(0.01 * (task % 3))
            return self.base + task * task, os.getpid()
        return 0, os.getpid()


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_results_come_in_the_order_of_the_tasks(workers):
    with Workforce(Squares, (5,), workers=workers) as workforce:
        results = list(workforce.map(range(20), str))
        again = list(workforce.map([3], str))
    assert [value for value, _ in results] == [5 + n * n for n in range(20)]
    assert again[0][0] == 14
    assert (os.getpid() in {process for _, process in results}) == (workers == 1)
    assert not multiprocessing.active_children()


def test_no_process_is_started_for_little_work():
    with Workforce(Squares, (0,), workers=0) as workforce:
        assert {process for _, process in workforce.map(range(9), str)} == {os.getpid()}


def test_processes_are_started_when_they_pay(monkeypatch):
    monkeypatch.setattr(pool, "PAYS_FROM", 0.05)
    monkeypatch.setattr(pool, "cores", lambda: 2)
    with Workforce(Squares, (0,), workers=0) as workforce:
        results = list(workforce.map([1, 2, 2, *range(3, 20)], str))
    assert [value for value, _ in results] == [1, 4, 4, *(n * n for n in range(3, 20))]
    assert results[0][1] == os.getpid() and results[-1][1] != os.getpid()


@pytest.mark.parametrize(("task", "reason"), [("kill", "signal 9, SIGKILL"), ("leave", "exit code 7")])
def test_a_killed_worker_is_named_at_once(task, reason):
    began = time.monotonic()
    with Workforce(Squares, (0,), workers=2) as workforce, pytest.raises(EnvironmentFault) as caught:
        list(workforce.map([1, 2, task, *range(30)], lambda task: f"rows of {task}"))
    assert time.monotonic() - began < 20
    error = caught.value
    assert error.code == "cache.worker_killed" and reason in error.message and f"rows of {task}" in error.message
    assert "preprocess.workers" in error.hint
    assert not multiprocessing.active_children()


def test_a_worker_killed_from_outside_while_it_works():
    with Workforce(Squares, (0,), workers=2) as workforce:
        results = workforce.map([0, 1, "sleep", "sleep"], str)
        next(results)
        victims = multiprocessing.active_children()
        time.sleep(0.3)
        os.kill(victims[0].pid, signal.SIGKILL)
        began = time.monotonic()
        with pytest.raises(EnvironmentFault, match=f"process {victims[0].pid}"):
            list(results)
        assert time.monotonic() - began < 10


@pytest.mark.parametrize("workers", [1, 2])
def test_errors_of_the_work_arrive_as_they_are(workers):
    with Workforce(Squares, (0,), workers=workers) as workforce, pytest.raises(DataError, match="cache.no_part"):
        list(workforce.map([1, "bad row", 2], str))


def test_a_bug_in_a_worker_keeps_its_traceback():
    with (
        Workforce(Squares, (0,), workers=2) as workforce,
        pytest.raises(RuntimeError, match="ZeroDivisionError: a bug"),
    ):
        list(workforce.map([1, "bug", 2], str))


@pytest.mark.parametrize("workers", [1, 2])
def test_a_request_to_stop_ends_the_work(workers):
    with stop_requests() as stop:
        with Workforce(Squares, (0,), workers=workers, check=stop.check) as workforce:
            results = workforce.map([0, 1, 2, *["sleep"] * (workers - 1), *range(9)], str)
            next(results)
            stop.request(signal.SIGTERM)
            began = time.monotonic()
            with pytest.raises(Interrupted) as caught:
                list(results)
        assert time.monotonic() - began < 10 and caught.value.exit_code == 143
    assert not multiprocessing.active_children()


ORPHANS = """
import os, signal, sys, time
from tengjia.data.pool import Workforce
from tests.preprocessing.test_pool import Squares

if __name__ == "__main__":
    with Workforce(Squares, (0,), workers=2) as workforce:
        results = workforce.map(range(100), str)
        print(*sorted({next(results)[1] for _ in range(20)}), flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
"""


def test_workers_end_with_their_parent(tmp_path):
    script = tmp_path / "parent.py"
    script.write_text(ORPHANS)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, env=environment, timeout=60)
    children = [int(number) for number in done.stdout.split()]
    assert children and done.returncode == -signal.SIGKILL, done.stderr
    deadline = time.monotonic() + 10
    while any(alive(child) for child in children):
        assert time.monotonic() < deadline, "orphans"
        time.sleep(0.05)


def alive(process: int) -> bool:
    try:
        with open(f"/proc/{process}/stat") as file:
            return file.read().split()[2] != "Z"
    except FileNotFoundError:
        return False
