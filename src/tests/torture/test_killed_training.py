"""SIGKILL at random moments: the newest checkpoint is always readable, and every resume ends in the same bits.

A small share always runs; `make torture` runs 300 trials, 100 of them inside the saving of a checkpoint.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import shutil
import signal
import socket
import tempfile
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tengjia.checkpoint import CheckpointStore

from .training import Variant, train

VARIANTS = [
    Variant(),
    Variant(accumulate=3, every=1),
    Variant(workers=2),
    Variant(accumulate=2, workers=2, extras=True),
]
PAIRS = [Variant(world=2, every=1, strategy=strategy) for strategy in ("ddp", "fsdp")]
CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["src.tests.torture.training"])


# SIGKILL leaves the page cache as it is, so a file system in memory tells as much, many times faster.
MEMORY = Path("/dev/shm") if os.access("/dev/shm", os.W_OK) else None


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=MEMORY) as name:
        yield Path(name, "run")


class Trial:
    """The processes of one training."""

    def __init__(self, folder: Path, variant: Variant, kill_at_call: int = 0, how: str = "before") -> None:
        self.answer, theirs = CONTEXT.Pipe(duplex=False)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.processes = [
            CONTEXT.Process(
                target=train,
                args=(str(folder), variant, kill_at_call if rank == 0 else 0, how, rank, port, theirs),
            )
            for rank in range(variant.world)
        ]
        self.started = time.monotonic()
        for process in self.processes:
            process.start()
        theirs.close()

    def end(self) -> Any:
        """Wait; give what rank 0 said, or `None` if it was killed."""
        for process in self.processes:
            process.join(60)
            assert process.exitcode is not None, "a process hangs"
        return self.answer.recv() if self.answer.poll() and self.processes[0].exitcode == 0 else None


@cache
def expected(variant: Variant) -> tuple[Any, float]:
    """What an uninterrupted training ends with, and how long it takes."""
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        trial = Trial(Path(folder), variant)
        result = trial.end()
        assert result is not None
        return result, time.monotonic() - trial.started


def assert_whole(folder: Path) -> None:
    """The newest checkpoint is readable: nothing had to be set aside."""
    store = CheckpointStore(folder / "checkpoints")
    names = store.names("step-") + store.names("best-")
    for name in names:
        store.read(name)
    assert not (store.folder / "quarantine").exists()


def assert_resumes(folder: Path, variant: Variant) -> None:
    """Going on to the end gives the bits of the uninterrupted training, and leaves no litter."""
    result = Trial(folder, variant).end()
    assert result is not None
    (hash_of_all, _, best), _ = expected(variant)
    assert (result[0], result[2]) == (hash_of_all, best)
    assert_whole(folder)
    assert not list((folder / "checkpoints").glob(".tengjia-*"))


def kill_somewhere(folder: Path, variant: Variant, source: random.Random) -> None:
    trial = Trial(folder, variant)
    time.sleep(source.uniform(0, expected(variant)[1] * 1.1))
    source.choice(trial.processes).kill()  # SIGKILL; nothing to one that has just ended
    if variant.world > 1:
        time.sleep(source.uniform(0, 0.05))
        for process in trial.processes:  # as torchrun does
            process.kill()
    trial.end()


def kill_in_saving(folder: Path, variant: Variant, source: random.Random) -> None:
    calls = expected(variant)[0][1]
    trial = Trial(folder, variant, source.randint(1, calls - 10), source.choice(["before", "middle", "after"]))
    assert trial.end() is None, "it should have been killed"


def survive(number: int, folder: Path, in_saving: bool, variant: Variant) -> None:
    """Kill a training once or twice, look at what is on disk each time, then let it end."""
    source = random.Random(f"{number} {in_saving} {variant}")
    kills = source.choice([1, 1, 2])
    if in_saving:
        kill_in_saving(folder, variant, source)
        assert_whole(folder)
        kills -= 1
    for _ in range(kills):
        kill_somewhere(folder, variant, source)
        assert_whole(folder)
    assert_resumes(folder, variant)
    shutil.rmtree(folder)


@pytest.mark.parametrize("number", range(8))
def test_a_few_kills(number: int, folder: Path) -> None:
    survive(number, folder, number % 2 == 0, VARIANTS[number % 4])


@pytest.mark.torture
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("number", range(200))
def test_kills_at_random_moments(number: int, folder: Path) -> None:
    survive(number, folder, False, VARIANTS[number % len(VARIANTS)])


@pytest.mark.torture
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("number", range(100))
def test_kills_inside_saving(number: int, folder: Path) -> None:
    survive(number, folder, True, VARIANTS[number % len(VARIANTS)])


@pytest.mark.slow
def test_a_kill_of_two_processes(folder: Path) -> None:
    survive(0, folder, False, PAIRS[0])


@pytest.mark.torture
@pytest.mark.parametrize("number", range(30))
def test_kills_of_two_processes(number: int, folder: Path) -> None:
    survive(number, folder, number % 3 == 0, PAIRS[number % 2])


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_request_to_stop_is_answered_soon(number: signal.Signals, folder: Path) -> None:
    variant = VARIANTS[1]
    whole = expected(variant)[1]
    trial = Trial(folder, variant)
    while not list(folder.glob("checkpoints/step-*")):
        time.sleep(0.002)
    asked = time.monotonic()
    os.kill(trial.processes[0].pid, number)
    trial.end()
    assert time.monotonic() - asked < min(10, 10 * whole)
    assert trial.processes[0].exitcode in (0, 128 + number), "0 if it had come to its end by then"
    assert_resumes(folder, variant)
