"""What a power failure, a sick disk, or a wrong clock could do: the order of calls, flipped bits, cut files, killed pulls."""

from __future__ import annotations

import os
import random
import shutil
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tengjia.errors import StoreError
from tengjia.store import PlacedStore, Store
from tengjia.store.place import open_place

from .conftest import files_of, write_model
from .test_torture import start

pytestmark = pytest.mark.slow


class Recorder:
    """Notes every call that makes a file lasting, in order: (what, path)."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.calls: list[tuple[str, str]] = []
        self.paths: dict[int, str] = {}
        for name in ("open", "close", "write", "fsync", "replace", "link"):
            monkeypatch.setattr(os, name, self.wrap(name, getattr(os, name)))

    def wrap(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def called(*arguments: Any, **named: Any) -> Any:
            result = real(*arguments, **named)
            if name == "open":
                self.paths[result] = str(arguments[0])
            elif name in {"write", "fsync"}:
                self.calls.append((name, self.paths[arguments[0]]))
            elif name in {"replace", "link"}:
                self.calls.append(("named", f"{arguments[0]} {arguments[1]}"))
            return result

        return called


def test_nothing_is_named_before_the_disk_has_it(
    store: PlacedStore, model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For every file: write, fsync, give the name, fsync the folder; and the event after everything it refers to."""
    store.push("ner", "1", model)
    recorder = Recorder(monkeypatch)
    store.push("ner", "2", write_model(model, "two"))
    calls = recorder.calls
    monkeypatch.undo()
    named = [(place, *what.split(" ", 1)) for place, (kind, what) in enumerate(calls) if kind == "named"]
    inside = [entry for entry in named if entry[2].startswith(str(tmp_path / "store"))]
    assert len(inside) == 4, "two contents, the manifest, the event"
    for place, source, target in inside:
        written = [number for number, call in enumerate(calls) if call == ("write", source)]
        synced = [number for number, call in enumerate(calls) if call == ("fsync", source)]
        assert max(written) < max(synced) < place
        assert ("fsync", str(Path(target).parent)) in calls[place:]
    event = inside[-1]
    assert "/log/" in event[2]
    for place, _, target in inside[:-1]:
        assert ("fsync", str(Path(target).parent)) in calls[place : event[0]], "contents last before they are named"


def check_versions(folder: Path, expected: dict[str, dict[str, bytes]], out: Path) -> int:
    """Everything that can be pulled is right; how often something was refused."""
    refused = 0
    for name, files in expected.items():
        shutil.rmtree(out, ignore_errors=True)
        try:
            store = Store.open(folder)
            store.pull("ner", name, out)
        except StoreError:
            refused += 1
            assert not out.exists()
            continue
        assert files_of(out) == files
    return refused


@pytest.mark.parametrize(("how", "count"), [("flip", 24), ("cut", 10), ("swap", 10)])
def test_damage_is_found_before_use(how: str, count: int, tmp_path: Path) -> None:
    damage(how, count, tmp_path)


@pytest.mark.torture
@pytest.mark.timeout(1800)
@pytest.mark.parametrize(("how", "count"), [("flip", 500), ("cut", 200), ("swap", 200)])
def test_much_damage_is_found_before_use(how: str, count: int, tmp_path: Path) -> None:
    damage(how, count, tmp_path)


def damage(how: str, count: int, tmp_path: Path) -> None:
    source = random.Random(how)
    folder, expected = tmp_path / "store", {}
    store = Store.open(folder)
    for name in ("1", "2", "3"):
        store.push("ner", name, write_model(tmp_path / "model", name))
        expected[name] = files_of(tmp_path / "model")
    for number in range(70):
        store.note("ner", "1", str(number))
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    refused = 0
    for _ in range(count):
        file, other = source.sample(files, 2)
        content, theirs = file.read_bytes(), other.read_bytes()
        if how == "flip":
            changed = bytearray(content)
            changed[source.randrange(len(changed))] ^= 1 << source.randrange(8)
            file.write_bytes(changed)
        elif how == "cut":
            file.write_bytes(content[: source.randrange(len(content))])
        else:
            file.write_bytes(theirs), other.write_bytes(content)
        refused += check_versions(folder, expected, tmp_path / "out") > 0
        file.write_bytes(content), other.write_bytes(theirs)
    assert refused >= count // 10
    assert check_versions(folder, expected, tmp_path / "out") == 0


def pull_and_die(store: str, out: str, at: int, replace: bool) -> None:
    """Pull, and end like by SIGKILL at the call of that number."""
    count = 0

    def counted(real: Callable[..., Any]) -> Callable[..., Any]:
        def called(*arguments: Any, **named: Any) -> Any:
            nonlocal count
            count += 1
            if count == at:
                os._exit(9)
            return real(*arguments, **named)

        return called

    for name in ("open", "write", "replace", "mkdir", "utime", "rmdir", "unlink", "rename"):
        setattr(os, name, counted(getattr(os, name)))
    Store.open(store).pull("ner", "1", out, replace=replace)


@pytest.mark.parametrize("replace", [False, True], ids=["new", "replacing"])
def test_a_killed_pull_leaves_nothing_half(replace: bool, store: PlacedStore, model: Path, tmp_path: Path) -> None:
    store.push("ner", "1", model)
    old = files_of(write_model(tmp_path / "old", "old")) if replace else {}
    out, ended = tmp_path / "target" / "out", 0
    for at in range(1, 80, 9):
        shutil.rmtree(out.parent, ignore_errors=True)
        if replace:
            write_model(out, "old")
        process = start(pull_and_die, store.url, str(out), at, replace)
        process.join(60)
        assert files_of(out) in (old, files_of(model), {}) if replace else files_of(out) in ({}, files_of(model))
        store.pull("ner", "1", out, replace=True)
        assert files_of(out) == files_of(model)
        if process.exitcode == 0:
            ended += 1
            break
        assert process.exitcode == 9
    assert ended == 1


@pytest.mark.parametrize("apart", [-86_400 * 400, 86_400 * 400], ids=["a year behind", "a year ahead"])
def test_a_wrong_clock_changes_nothing(
    apart: int, tmp_path: Path, model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clock of this machine is a year off; gc neither takes what is young nor keeps what is old."""
    import tengjia.store.ledger as ledger

    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + apart)

    class Wrong(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Wrong:
            return cls.fromtimestamp(real() + apart, tz)

    monkeypatch.setattr(ledger, "datetime", Wrong)
    store = PlacedStore(open_place(tmp_path / "store"), grace=1.0)
    store.push("ner", "1", model)
    store.push("ner", "2", {"only": model / "weights.bin"})
    store.remove("ner", "1")
    assert store.gc().trashed == {} and store.gc().freed == {}
    time.sleep(1.2)
    assert len(store.gc().trashed) == 4
    assert store.gc().freed == {}
    time.sleep(1.2)
    assert len(store.gc().freed) == 4
    assert store.verify().problems == []
    store.pull("ner", "2", tmp_path / "out")


def test_contents_of_another_user_can_be_relied_on(
    tmp_path: Path, model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who may not set the times of an old object, writes it anew."""
    store = PlacedStore(open_place(tmp_path / "store"), grace=0.0)
    store.push("ner", "1", model)
    real = os.utime

    def utime(path: Any, *arguments: Any, **named: Any) -> None:
        if "objects" in str(path):
            raise PermissionError(1, "Operation not permitted")
        real(path, *arguments, **named)

    monkeypatch.setattr(os, "utime", utime)
    store.add("ner", "1", {"more.json": model / "config.json"})
    store.push("ner", "2", model)
    assert store.verify().problems == [] and len(store.manifest("ner", "1").files) == 5


class TestTheTrash:
    @pytest.fixture
    def swept(self, tmp_path: Path, model: Path) -> PlacedStore:
        store = PlacedStore(open_place(tmp_path / "store"), grace=0.6)
        store.push("ner", "1", model)
        store.push("keep", "1", {"x": model / "config.json"})
        store.remove("ner", "1")
        time.sleep(0.8)
        assert len(store.gc().trashed) == 4
        return store

    def test_a_writer_takes_back_what_he_needs(self, swept: PlacedStore, model: Path, tmp_path: Path) -> None:
        swept.push("ner", "2", model)
        assert swept.verify().problems == []
        time.sleep(0.8)
        swept.gc()
        swept.pull("ner", "2", tmp_path / "out")
        assert files_of(tmp_path / "out") == files_of(model)

    def test_a_reader_finds_it_there(self, swept: PlacedStore) -> None:
        for entry in swept.place.entries("trash"):
            digest = entry.key.rpartition("/")[2]
            assert len(swept.objects.read(digest)) == entry.size

    def test_what_is_referred_to_comes_back(self, swept: PlacedStore, model: Path, tmp_path: Path) -> None:
        """As if a writer had slept between looking and committing."""
        digest = next(file.sha256 for file in swept.manifest("keep").files)
        swept.place.move(f"objects/{digest[:2]}/{digest}", f"trash/{int(time.time() * 1000)}-00000000/{digest}")
        swept.pull("keep", "1", tmp_path / "out")
        found = swept.gc()
        assert list(found.restored) == [digest] and swept.verify().problems == []
        assert swept.place.stat(f"objects/{digest[:2]}/{digest}") is not None

    def test_a_strange_file_in_the_trash_is_told(self, swept: PlacedStore, tmp_path: Path) -> None:
        (tmp_path / "store/trash/mine").mkdir(parents=True)
        (tmp_path / "store/trash/mine/letter").write_text("dear")
        with pytest.raises(StoreError, match="does not belong into a store"):
            swept.gc()
        assert (tmp_path / "store/trash/mine/letter").exists()

    @pytest.mark.parametrize("damage", ["first damaged", "first lost", "one lost"])
    def test_a_damaged_log_stops_gc(self, damage: str, swept: PlacedStore, model: Path, tmp_path: Path) -> None:
        """What stands behind a gap must not be taken for garbage."""
        for number in range(4):
            swept.push("keep", f"new{number}", {"x": write_model(model, str(number)) / "weights.bin"})
        time.sleep(0.8)
        log = tmp_path / "store/models/keep/log"
        before = files_of(tmp_path / "store/objects")
        match damage:
            case "first damaged":
                (log / "0000000001.json").write_bytes(b"{}\nx\n")
            case "first lost":
                (log / "0000000001.json").unlink()
            case "one lost":
                (log / "0000000003.json").unlink()
        fresh = PlacedStore(open_place(tmp_path / "store"))
        with pytest.raises(StoreError, match="log/000000000. *|json is damaged"):
            fresh.gc()
        assert fresh.verify("ner").problems == [] and fresh.verify().problems
        assert files_of(tmp_path / "store/objects") == before

    def test_unfinished_files_go(self, swept: PlacedStore, tmp_path: Path) -> None:
        (tmp_path / "store/temporary/1.0").write_bytes(b"half")
        assert "temporary/1.0" not in swept.gc().freed
        time.sleep(0.8)
        assert swept.gc(dry_run=True).freed["temporary/1.0"] == 4 and (tmp_path / "store/temporary/1.0").exists()
        assert "temporary/1.0" in swept.gc().freed and not (tmp_path / "store/temporary/1.0").exists()
