"""Many writers that are killed, gc beside writers and readers, and every call of the system failing once.

A small share always runs; `make torture` runs 8 writers x 200 pushes with 100 kills, and 300 rounds of gc.
"""

from __future__ import annotations

import errno
import json
import multiprocessing
import os
import random
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tengjia.errors import EnvironmentFault, StoreError
from tengjia.store import PlacedStore, Store
from tengjia.store.place import open_place

from . import work
from .conftest import files_of, write_model

pytestmark = pytest.mark.slow

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["src.tests.store.work"])
MEMORY = Path("/dev/shm") if os.access("/dev/shm", os.W_OK) else None


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=MEMORY) as name:
        yield Path(name)


def opened(folder: Path) -> PlacedStore:
    store = Store.open(folder / "store")
    assert isinstance(store, PlacedStore)
    return store


def start(function: Callable[..., None], *arguments: Any) -> Any:
    process = CONTEXT.Process(target=function, args=arguments)
    process.start()
    return process


def survive_kills(folder: Path, writers: int, pushes: int, kills: int, seed: int) -> None:
    source = random.Random(seed)
    place = str(folder / "store")

    def begin(writer: int) -> Any:
        return start(work.push_many, place, str(folder), writer, pushes)

    running = {writer: begin(writer) for writer in range(writers)}
    left = kills
    while running:
        if left:
            time.sleep(source.uniform(0.01, 0.12))
            writer = source.choice(sorted(running))
            if running[writer].is_alive():
                running[writer].kill()
                left -= 1
        for writer, process in list(running.items()):
            process.join(0 if left else 120)
            if process.exitcode == 0:
                del running[writer]
            elif process.exitcode is not None:
                assert process.exitcode == -9, "a writer failed by itself"
                running[writer] = begin(writer)
    assert left == 0, f"{left} of {kills} kills found nobody: push more"
    check_every_push(folder, writers, pushes)


def check_every_push(folder: Path, writers: int, pushes: int) -> None:
    """Every accepted push is in the log once; every version is whole; nothing else is there."""
    store = opened(folder)
    accepted = [name for writer in range(writers) for name in (folder / f"{writer}.accepted").read_text().split()]
    assert len(accepted) == writers * pushes == len(set(accepted))
    assert {version.name for version in store.versions("ner")} == {*accepted, "shared"}
    events = list(store.history("ner"))
    assert [event["number"] for event in events] == list(range(1, len(events) + 1))
    named = [event["version"] for event in events if event["version"] != "shared"]
    assert sorted(named) == sorted(accepted), "each once"
    # A writer that was killed between its push and its journal pushes the same again, which changes nothing, unless
    # another one wrote `shared` in between.
    assert len(events) - len(named) >= len(accepted)
    assert store.verify().problems == []
    for name in random.Random(1).sample(accepted, 10):
        store.pull("ner", name, folder / "out", replace=True)
        assert (folder / "out/own.bin").read_bytes() == work.content_of(name)


def test_a_few_killed_writers(folder: Path) -> None:
    survive_kills(folder, writers=3, pushes=60, kills=5, seed=1)


@pytest.mark.torture
@pytest.mark.timeout(3600)
def test_a_hundred_killed_writers(folder: Path) -> None:
    survive_kills(folder, writers=8, pushes=200, kills=100, seed=2)


def survive_collecting(folder: Path, rounds: int, writers: int, readers: int, seed: int) -> None:
    place = str(folder / "store")
    store = PlacedStore(open_place(place), grace=2.0)
    for model in ("model0", "model1"):
        store.push(model, "first", work.make_files(folder / "first", "first"))
    others = [start(work.write_and_remove, place, str(folder), writer, seed) for writer in range(writers)]
    others += [start(work.read_all_the_time, place, str(folder), reader, seed) for reader in range(readers)]
    begun = time.monotonic()
    try:
        while time.monotonic() - begun < 3.0:
            assert all(process.is_alive() for process in others)
            time.sleep(0.1)
        sweeping = start(work.collect_rounds, place, str(folder), rounds)
        while sweeping.is_alive():
            assert all(process.is_alive() for process in others), "someone failed beside gc"
            sweeping.join(1.0)
        assert sweeping.exitcode == 0
    finally:
        for process in others:
            process.terminate()
            process.join(30)
    failures = folder / "failures"
    assert not failures.exists(), failures.read_text()
    fresh = opened(folder)
    assert fresh.verify().problems == []
    reads = [(folder / f"reads{reader}").stat().st_size for reader in range(readers)]
    assert min(reads) > 0
    counts = json.loads((folder / "counts.json").read_text())
    print(rounds, "rounds of gc:", counts, "pulls:", sum(reads))
    assert counts["trashed"] > 0 and (counts["freed"] > 0 or rounds < 100), "gc had work to do"


@pytest.mark.slow
def test_collecting_beside_others(folder: Path) -> None:
    survive_collecting(folder, rounds=12, writers=2, readers=2, seed=1)


@pytest.mark.torture
@pytest.mark.timeout(3600)
def test_three_hundred_rounds_of_collecting(folder: Path) -> None:
    survive_collecting(folder, rounds=300, writers=4, readers=4, seed=2)


class FailingCalls:
    """Counts calls of `os` functions that change the disk, and makes one of them fail."""

    NAMES = ("open", "write", "fsync", "replace", "link", "mkdir", "unlink", "utime", "rmdir")

    def __init__(self, fail_at: int, number: int) -> None:
        self.fail_at, self.number, self.calls, self.failed = fail_at, number, 0, ""

    def wrap(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def called(*arguments: Any, **named: Any) -> Any:
            self.calls += 1
            if self.calls == self.fail_at:
                self.failed = name
                raise OSError(self.number, os.strerror(self.number))
            return function(*arguments, **named)

        return called

    @contextmanager
    def active(self) -> Iterator[None]:
        originals = {name: getattr(os, name) for name in self.NAMES}
        for name, function in originals.items():
            wrapped = self.wrap(name, function)
            if function in os.supports_follow_symlinks:
                os.supports_follow_symlinks.add(wrapped)
            setattr(os, name, wrapped)
        try:
            yield
        finally:
            for name, function in originals.items():
                os.supports_follow_symlinks.discard(getattr(os, name))
                setattr(os, name, function)


ACTIONS: dict[str, Callable[[PlacedStore, Path], object]] = {
    "first push": lambda store, folder: store.push("other", "1", folder / "two"),
    "push": lambda store, folder: store.push("ner", "2", folder / "two"),
    "new revision": lambda store, folder: store.push("ner", "draft", folder / "two"),
    "add": lambda store, folder: store.add("ner", "draft", {"more.json": folder / "two/config.json"}),
    "publish": lambda store, folder: store.publish("ner", "draft"),
    "alias": lambda store, folder: store.alias("ner", "live", "draft"),
    "remove": lambda store, folder: store.remove("ner", "draft"),
    "pull": lambda store, folder: store.pull("ner", "1", folder / "out"),
    "replace": lambda store, folder: store.pull("ner", "1", folder / "old", replace=True),
    "pull beside": lambda store, folder: store.pull_files("ner", "1", None, folder / "workspace"),
    "gc": lambda store, folder: store.gc(),
}


def prepare(folder: Path) -> None:
    """A store with a published version, a draft, and garbage."""
    shutil.rmtree(folder, ignore_errors=True)
    write_model(folder / "one"), write_model(folder / "two", "two")
    store = PlacedStore(open_place(folder / "store"), grace=0.0)
    store.push("ner", "1", folder / "one")
    store.publish("ner", "1")
    store.push("ner", "draft", folder / "one")
    store.push("ner", "gone", {"x": folder / "two/weights.bin"})
    store.remove("ner", "gone")
    write_model(folder / "old", "old")
    (folder / "workspace").mkdir()
    (folder / "workspace/mine").write_text("mine")


@pytest.mark.parametrize("name", ACTIONS)
def test_every_call_failing_once_leaves_the_old_state(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fail_every_call(name, errno.ENOSPC if len(name) % 2 else errno.EIO, folder, monkeypatch)


@pytest.mark.torture
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EACCES, errno.EINTR], ids=errno.errorcode.get)
@pytest.mark.parametrize("name", ACTIONS)
def test_every_call_failing_in_every_way(name: str, number: int, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fail_every_call(name, number, folder, monkeypatch)


def fail_every_call(name: str, number: int, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
    prepare(folder / "whole")
    failures = 0
    for fail_at in range(1, 400):
        here = folder / "trial"
        shutil.rmtree(here, ignore_errors=True)
        shutil.copytree(folder / "whole", here)
        store = opened(here)
        before = {model: store.state(model) for model in store.models()}
        faults = FailingCalls(fail_at, number)
        with faults.active():
            try:
                ACTIONS[name](store, here)
                failed = False
            except (EnvironmentFault, StoreError) as error:
                assert isinstance(error, EnvironmentFault), error
                failed = True
        failures += failed
        check_after_a_fault(here, before)
        if faults.failed not in {"unlink", "rmdir", "open"} and failed:
            assert litter(here) == [], "what could be removed was"
        again(name, here)
        check_after_a_fault(here, before)
        if faults.calls < fail_at:
            assert not failed
            break
    assert failures >= 3 and faults.calls < fail_at


def again(name: str, folder: Path) -> None:
    """Now it works; or it is done already: an event may stand though its folder could not be synced."""
    try:
        ACTIONS[name](opened(folder), folder)
    except StoreError as error:
        assert (name, error.code) == ("remove", "store.no_version")


def litter(folder: Path) -> list[Path]:
    found = [path for path in folder.rglob("*") if path.name.startswith(".tengjia-")]
    return [*found, *(folder / "store/temporary").iterdir()]


def check_after_a_fault(folder: Path, before: dict[str, Any]) -> None:
    store = opened(folder)
    assert store.verify().problems == []
    for model, state in before.items():
        now = store.state(model)
        assert now.number in {state.number, state.number + 1}, "the old state, or the new one"
        if now.number == state.number:
            assert now == state
    assert files_of(folder / "out") in ({}, files_of(folder / "one"))
    assert files_of(folder / "old") in (files_of(folder / "one"), before_old(folder))
    workspace = files_of(folder / "workspace")
    assert workspace.pop("mine") == b"mine"
    assert all(files_of(folder / "one")[path] == content for path, content in workspace.items())


def before_old(folder: Path) -> dict[str, bytes]:
    return files_of(write_model(folder.parent / "reference", "old"))
