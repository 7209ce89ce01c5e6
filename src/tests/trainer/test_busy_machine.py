"""A word at the start of a training whose threads others would hold up, and none elsewhere."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import torch

from src.tests.trainer.toy import make_trainer
from tengjia.distributed import Ranks
from tengjia.training import busy_machine
from tengjia.training.busy_machine import Machine, this_machine, warn_if_busy

CPU = torch.device("cpu")

CASES = {
    "idle": (Machine(2, 0.05, 3.0, 1), 2, 1, False),
    "one other on two cores": (Machine(2, 1.0, 3.0, 2), 2, 1, True),
    "two others on two cores": (Machine(2, 2.1, 6.0, 3), 2, 1, True),
    "two others where the number of threads that run is not told": (Machine(2, 2.1, 6.0, None), 2, 1, True),
    "others leave the cores that are needed": (Machine(8, 4.0, 3.0, 5), 4, 1, False),
    "others leave one core too few": (Machine(8, 5.0, 3.0, 6), 4, 1, True),
    "right after preprocessing for ten seconds": (Machine(2, 0.4, 20.0, 1), 2, 1, False),
    "right after preprocessing for an hour": (Machine(2, 2.2, 7200.0, 1), 2, 1, False),
    "the same on a machine that does not tell what runs": (Machine(2, 2.2, 7200.0, None), 2, 1, False),
    "after preprocessing, while others work": (Machine(2, 4.5, 7200.0, 4), 2, 1, True),
    "right after another command": (Machine(2, 1.9, 3.0, 1), 2, 1, False),
    "what runs now and then": (Machine(2, 0.4, 0.0, 2), 2, 1, False),
    "four processes on eight cores": (Machine(8, 1.3, 15.0, 4), 2, 4, False),
    "four processes and others on eight cores": (Machine(8, 7.0, 15.0, 10), 2, 4, True),
}


@pytest.mark.parametrize("name", CASES)
def test_who_lacks_cores(name: str) -> None:
    machine, threads, processes, lacks = CASES[name]
    assert machine.lacks_cores_for(threads, processes) is lacks


def test_this_machine_is_read() -> None:
    machine = this_machine()
    assert machine is not None and machine.cores == os.cpu_count()
    assert machine.load >= 0 and 0 < machine.own < 1e7
    assert machine.running is None or machine.running >= 1


def test_a_system_without_load(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "getloadavg")
    assert this_machine() is None


def test_a_load_that_cannot_be_had(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> tuple[float, float, float]:
        raise OSError("not to be had")

    monkeypatch.setattr(os, "getloadavg", refuse)
    assert this_machine() is None


BUSY = Machine(2, 3.5, 4.0, 4)


@pytest.mark.parametrize(
    ("threads", "device", "ranks", "machine", "told"),
    [
        (2, CPU, Ranks(), BUSY, True),
        (1, CPU, Ranks(), BUSY, False),
        (2, torch.device("cuda"), Ranks(), BUSY, False),
        (2, CPU, Ranks(rank=1, world=2), BUSY, False),
        (2, CPU, Ranks(), Machine(2, 0.1, 4.0, 1), False),
        (2, CPU, Ranks(), None, False),
    ],
)
def test_who_is_told(
    threads: int,
    device: torch.device,
    ranks: Ranks,
    machine: Machine | None,
    told: bool,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(torch, "get_num_threads", lambda: threads)
    monkeypatch.setattr(busy_machine, "this_machine", lambda: machine)
    warn_if_busy(device, ranks)
    assert bool(caplog.records) is told


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("load 3.5 on 2 cores", "2 threads", "set trainer.threads=1")),
        ("zh", ("2 个核心，负载 3.5", "2 个线程", "请设置 trainer.threads=1")),
    ],
)
def test_a_training_says_it_once(
    language: str,
    words: tuple[str, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setenv("TENGJIA_LANG", language)
    monkeypatch.setattr(busy_machine, "this_machine", lambda: BUSY)
    before = torch.get_num_threads()
    try:
        make_trainer(tmp_path, max_epochs=2, threads=2).fit()
    finally:
        torch.set_num_threads(before)
    (told,) = [record.message for record in caplog.records if "trainer.threads=1" in record.message]
    assert all(one in told for one in words)
