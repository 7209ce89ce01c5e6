"""A checkpoint is complete or absent: failing calls, flipped bits, cut files, leftovers of killed writers."""

from __future__ import annotations

import errno
import json
import os
import random
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import torch

from tengjia.checkpoint import BackgroundWriter, Checkpoint, CheckpointStore
from tengjia.errors import CheckpointError, EnvironmentFault
from tengjia.training.callback import Callback
from tengjia.training.context import Context

from .test_resume import bits
from .toy import make_trainer


def checkpoint(step: int) -> Checkpoint:
    generator = torch.Generator().manual_seed(step)
    weights = {"weight": torch.randn(40, 7, generator=generator), "bias": torch.randn(7, generator=generator)}
    return Checkpoint(f"step-{step:08d}", {"step": step, "rate": 0.1 + step}, {"weights": weights, "optimizer": {}})


def assert_is(found: Checkpoint | None, step: int) -> None:
    expected = checkpoint(step)
    assert found is not None
    assert (found.name, found.state) == (expected.name, expected.state)
    for name, tensor in expected.tensors["weights"].items():
        assert torch.equal(found.tensors["weights"][name], tensor)


@pytest.fixture
def store(tmp_path: Path) -> CheckpointStore:
    result = CheckpointStore(tmp_path / "checkpoints")
    for step in (10, 20):
        result.write(checkpoint(step))
    return result


def test_written_is_read(store: CheckpointStore) -> None:
    assert store.names("step-") == ["step-00000010", "step-00000020"]
    assert_is(store.newest(), 20)
    assert_is(store.read("step-00000010"), 10)
    assert CheckpointStore(store.folder / "nowhere").newest() is None
    with pytest.raises(CheckpointError, match=r"manifest\.json is damaged or missing"):
        store.read("step-00000030")


def test_a_name_is_replaced_wholly(store: CheckpointStore) -> None:
    store.write(Checkpoint("step-00000020", {"other": True}, checkpoint(3).tensors))
    assert store.read("step-00000020").state == {"other": True}
    assert sorted(path.name for path in store.folder.iterdir()) == ["step-00000010", "step-00000020"]


class FailingCalls:
    """Counts calls of `os` functions that change the disk, and makes one of them fail."""

    NAMES = ("open", "write", "fsync", "replace", "mkdir")

    def __init__(self, fail_at: int, number: int) -> None:
        self.fail_at, self.number, self.calls = fail_at, number, 0

    def wrap(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def called(*arguments: Any, **named: Any) -> Any:
            self.calls += 1
            if self.calls == self.fail_at:
                raise OSError(self.number, os.strerror(self.number))
            return function(*arguments, **named)

        return called

    @contextmanager
    def active(self) -> Iterator[None]:
        originals = {name: getattr(os, name) for name in self.NAMES}
        for name, function in originals.items():
            setattr(os, name, self.wrap(function))
        try:
            yield
        finally:
            for name, function in originals.items():
                setattr(os, name, function)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EACCES])
@pytest.mark.parametrize("step", [20, 30], ids=["replacing", "new"])
def test_every_call_failing_once_leaves_the_old_state(number: int, step: int, store: CheckpointStore) -> None:
    before = sorted(path.name for path in store.folder.iterdir())
    for fail_at in range(1, 200):
        faults = FailingCalls(fail_at, number)
        with faults.active():
            try:
                store.write(checkpoint(step))
            except OSError as error:
                assert error.errno == number
        if faults.calls < fail_at:
            break  # this round met no fault
        store.tidy()
        assert sorted(path.name for path in store.folder.iterdir()) in (before, [*before, f"step-{step:08d}"])
        for name in store.names("step-"):
            store.read(name)  # whatever is there is whole
        assert_is(store.read("step-00000010"), 10)
        shutil.rmtree(store.folder / "step-00000030", ignore_errors=True)
    assert 15 < faults.calls < fail_at
    assert_is(store.newest(), step)


def damage(file: Path, random_source: random.Random, cut: bool) -> None:
    content = bytearray(file.read_bytes())
    if cut:
        file.write_bytes(content[: random_source.randrange(len(content))])
    else:
        place = random_source.randrange(len(content))
        content[place] ^= 1 << random_source.randrange(8)
        file.write_bytes(content)


@pytest.mark.parametrize(("cut", "count"), [(False, 500), (True, 200)], ids=["flipped bits", "truncations"])
def test_damage_is_found_before_use(cut: bool, count: int, store: CheckpointStore) -> None:
    source = random.Random(f"damage {cut}")
    newest = store.folder / "step-00000020"
    for _ in range(count):
        file = source.choice(sorted(newest.iterdir()))
        whole = file.read_bytes()
        damage(file, source, cut)
        with pytest.raises(CheckpointError, match="is damaged or missing"):
            store.read(newest.name)
        file.write_bytes(whole)
    assert_is(store.newest(), 20)


@pytest.mark.parametrize("name", ["manifest.json", "state.json", "weights.safetensors"])
def test_walks_back_to_the_newest_complete_one(
    name: str, store: CheckpointStore, caplog: pytest.LogCaptureFixture
) -> None:
    (store.folder / "step-00000020" / name).unlink()
    assert_is(store.newest(), 10)
    assert "step-00000020 is not used; it was set aside in" in caplog.text
    kept = store.folder / "quarantine" / "step-00000020"
    assert kept.is_dir() and store.names("step-") == ["step-00000010"]
    store.write(checkpoint(20))
    (store.folder / "step-00000020" / name).unlink()
    assert_is(store.newest(), 10)
    assert sorted(path.name for path in kept.parent.iterdir()) == ["step-00000020", "step-00000020.1"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b'{"body": {"files": {}, "format": 1}, "sha256": ""}',
        b'{"body": 3}',
        b"[" * 100_000,
        b"x" * (2 << 20),
    ],
)
def test_a_strange_manifest_is_refused(content: bytes, store: CheckpointStore) -> None:
    (store.folder / "step-00000020" / "manifest.json").write_bytes(content)
    assert_is(store.newest(), 10)


def test_a_manifest_cannot_lead_elsewhere(store: CheckpointStore) -> None:
    from tengjia.checkpoint import manifest

    folder = store.folder / "step-00000020"
    (folder / "manifest.json").write_bytes(manifest.encode({"../step-00000010/state.json": b"{}"}))
    with pytest.raises(CheckpointError, match="file names is not what was written"):
        store.read(folder.name)
    weights = folder / "weights.safetensors"
    store.write(checkpoint(20))
    elsewhere = store.folder.parent / "elsewhere"
    weights.rename(elsewhere)
    weights.symlink_to(elsewhere)
    with pytest.raises(CheckpointError, match="weights"):
        store.read(folder.name)


def test_a_newer_format_is_told(store: CheckpointStore, monkeypatch: pytest.MonkeyPatch) -> None:
    from tengjia.checkpoint import manifest

    monkeypatch.setattr(manifest, "FORMAT", 2)
    store.write(checkpoint(30))
    monkeypatch.setattr(manifest, "FORMAT", 1)
    with pytest.raises(CheckpointError, match="has format 2; this version reads format 1"):
        store.read("step-00000030")


def test_tidy_removes_only_what_dead_writers_left(store: CheckpointStore) -> None:
    dead = store.folder / ".tengjia-step-00000030.999999999.0123abcd"
    alive = store.folder / f".tengjia-step-00000030.{os.getppid()}.0123abcd"
    unknown = store.folder / ".tengjia-notes"
    for folder in (dead, alive, unknown):
        folder.mkdir()
        (folder / "weights.safetensors").write_bytes(b"half")
    store.tidy()
    assert not dead.exists() and alive.exists() and unknown.exists()


def test_only_the_last_are_kept(store: CheckpointStore) -> None:
    store.keep_only("step-", ["step-00000020"])
    assert sorted(path.name for path in store.folder.iterdir()) == ["step-00000020"]


def test_checkpoints_of_before_and_of_now_are_forgotten_alike(store: CheckpointStore) -> None:
    assert store.known("step-") == ["step-00000010", "step-00000020"]
    store.write(Checkpoint("step-00000030", {}))
    shutil.rmtree(store.folder / "step-00000010")  # by somebody else
    store.keep_only("step-", store.known("step-")[-1:])
    assert store.known("step-") == store.names("step-") == ["step-00000030"]


def test_the_writer_tells_of_a_failure_at_the_next_call() -> None:
    writer, done = BackgroundWriter(), []

    def fail() -> None:
        raise OSError(errno.ENOSPC, "no space")

    writer.start(lambda: done.append(1))
    writer.wait()
    writer.start(fail)
    with pytest.raises(OSError, match="no space"):
        writer.wait()
    writer.start(lambda: done.append(2))
    writer.wait()
    assert done == [1, 2]


def test_what_waits_behind_a_failure_is_not_run() -> None:
    writer, done, told, failing = BackgroundWriter(), [], [], threading.Event()

    def fail() -> None:
        failing.wait()
        raise OSError(errno.EIO, "broken")

    def told_of(action: Callable[[], None]) -> None:
        try:
            action()
        except OSError as error:
            told.append(str(error))

    writer.start(fail)
    writer.start(lambda: done.append("behind it"))
    third = threading.Thread(target=told_of, args=[lambda: writer.start(lambda: done.append("handed in meanwhile"))])
    third.start()
    failing.set()
    while not told:  # at once, wherever the writer is
        told_of(writer.check)
    third.join()
    writer.wait()
    assert told == ["[Errno 5] broken"]
    writer.start(lambda: done.append("after it was told"))
    writer.close()
    assert done[-1] == "after it was told" and "behind it" not in done


class FailSaving(Callback):
    """Lets the disk be full for the checkpoints after a step."""

    def __init__(self, step: int) -> None:
        self.step = step
        self.active: Any = None

    def on_step_end(self, context: Context) -> None:
        if context.state.step == self.step:
            self.active = FailingCalls(2, errno.ENOSPC).active()
            self.active.__enter__()

    def on_close(self, context: Context) -> None:
        self.active.__exit__(None, None, None)


def test_a_full_disk_stops_training_and_loses_nothing_older(tmp_path: Path) -> None:
    settings: dict[str, Any] = {
        "callbacks": {"checkpoint": {"unit": "steps", "every": 3}, "record": {"enabled": False}}
    }
    whole = make_trainer(None)
    whole.fit()
    with pytest.raises(
        EnvironmentFault, match=r"could not be written: No space left on device; \d+ MiB are free"
    ) as caught:
        make_trainer(tmp_path, more=[FailSaving(9)], **settings).fit()
    assert "start the same command with resume=auto" in caught.value.hint
    found = CheckpointStore(tmp_path / "checkpoints").newest()
    assert found is not None and found.state["training"]["step"] in {3, 6, 9}
    resumed = make_trainer(tmp_path, **settings)
    resumed.fit()
    assert bits(resumed) == bits(whole)
    assert not list((tmp_path / "checkpoints").glob(".tengjia-*"))


def test_state_is_json_and_tensors_are_safetensors(tmp_path: Path) -> None:
    make_trainer(tmp_path, max_epochs=1, callbacks={"ema": {}}).fit()
    folder = tmp_path / "checkpoints" / "step-00000007"
    assert sorted(path.name for path in folder.iterdir()) == [
        "callback-ExponentialMovingAverage.safetensors",
        "manifest.json",
        "optimizer.safetensors",
        "state.json",
        "weights.safetensors",
    ]
    state = json.loads((folder / "state.json").read_text())
    assert {"torch", "threads", "cpu_capability", "world", "tengjia", "python"} <= state["environment"].keys()
