"""Entries that are complete or absent, whatever happens to the disk or to the process."""

from __future__ import annotations

import errno
import json
import multiprocessing
import os
import random
import shutil
import signal
import time
from pathlib import Path

import pyarrow as pa
import pytest
from filelock import FileLock

from tengjia.data.arrow_tables import Table, write_table
from tengjia.data.cache import Cache, _digest, difference, fingerprint_of
from tengjia.data.fingerprints import FileDigests, code_behind
from tengjia.errors import EnvironmentFault
from tengjia.utilities.files import write_json
from tests.preprocessing.faults import Disk, faults

SCHEMA = pa.schema([("n", pa.int64())])
PARTS = {"data": {"a.txt": "0" * 64}, "parameters": {"size": 3}}


def fill(folder: Path) -> dict[str, int]:
    """Three batches, a document, and a folder inside."""
    batches = [pa.RecordBatch.from_arrays([pa.array(range(i, i + 150))], schema=SCHEMA) for i in range(2)]
    write_table(folder / "rows.arrow", SCHEMA, batches)
    write_json(folder / "inner" / "about.json", {"rows": 300})
    return {"rows": 300}


def never(folder: Path) -> dict[str, int]:
    """For entries that must be found."""
    raise AssertionError("it was there")


def litter(root: Path) -> list[str]:
    """Unfinished things."""
    return [str(path) for path in root.rglob(".tengjia-*")]


def test_made_once_and_found_again(tmp_path):
    cache = Cache(tmp_path)
    made = cache.obtain("rows", PARTS, fill)
    found = Cache(tmp_path).obtain("rows", json.loads(json.dumps(PARTS)), never)
    assert found.facts == {"rows": 300} and found.parts == PARTS and found.path == made.path
    assert sum(batch.num_rows for batch in Table(found.file("rows.arrow"))) == 300
    assert found.size == sum(found.file(name).stat().st_size for name in ("rows.arrow", "inner/about.json"))
    assert found.reason == ["nothing of the kind in the cache yet"]
    assert litter(tmp_path) == []


def test_says_which_part_changed(tmp_path):
    cache = Cache(tmp_path)
    cache.obtain("rows", PARTS, fill)
    changed = {"data": {"a.txt": "1" * 64, "b.txt": "2" * 64}, "parameters": {"size": 4}}
    told = ["data / a.txt: 00000000 -> 11111111", "data / b.txt: - -> 22222222", "parameters / size: 3 -> 4"]
    assert cache.explain("rows", changed) == told
    assert cache.obtain("rows", changed, fill).reason == told
    assert cache.explain("rows", PARTS) == ["asked for anew (preprocess.force)"]
    assert cache.explain("other", PARTS) == ["nothing of the kind in the cache yet"]
    near = {**PARTS, "parameters": {"size": 5}}
    assert cache.explain("rows", near) == ["parameters / size: 3 -> 5"]  # against the most similar one
    elsewhere = {**PARTS, "code": {"other.py": "1"}}  # another base task: how it differs tells nobody anything
    assert cache.explain("rows", elsewhere) == ["nothing of the kind in the cache yet"]


def test_difference_of_equal_parts_is_nothing():
    assert difference(PARTS, json.loads(json.dumps(PARTS))) == []
    assert fingerprint_of({"a": 1, "b": 2}) == fingerprint_of({"b": 2, "a": 1})


def test_force_makes_anew(tmp_path):
    cache = Cache(tmp_path)
    first = cache.obtain("rows", PARTS, fill)
    second = cache.obtain("rows", PARTS, lambda folder: {**fill(folder), "again": True}, force=True)
    assert second.path == first.path and second.facts["again"] is True and litter(tmp_path) == []


def calls_of_a_sound_disk(root: Path, *, force: bool) -> int:
    if force:
        Cache(root).obtain("rows", PARTS, fill)
    with faults(Disk(root)) as disk:
        Cache(root).obtain("rows", PARTS, fill, force=force)
    return disk.calls


def sound_cache(root: Path, *, force: bool) -> Path:
    """A cache with an old entry, and one to be replaced."""
    for parts in ({"old": 1}, PARTS) if force else ({"old": 1},):
        Cache(root).obtain("rows", parts, fill)
    return root


def check_fault(sound: Path, number: int, code: int, *, force: bool) -> None:
    """Fail one call while an entry is made beside an old one (`force`: in the place of an old one)."""
    root = sound.with_name(f"{sound.name}-{number}")
    shutil.copytree(sound, root)
    cache = Cache(root)
    old = cache.obtain("rows", {"old": 1}, never)
    before = old.file("rows.arrow").read_bytes()
    with faults(Disk(root, number, code)) as disk, pytest.raises(EnvironmentFault) as caught:
        cache.obtain("rows", PARTS, fill, force=force)
    assert disk.calls > number
    assert caught.value.code == "cache.cannot_write" and os.strerror(code) in str(caught.value)
    assert "tengjia cache gc" in caught.value.hint and caught.value.exit_code == 6
    # Old state intact; what is listed is whole; the next start mends everything.
    assert old.file("rows.arrow").read_bytes() == before
    assert all(entry.damage() == "" for entry in cache.entries())
    assert Cache(root).obtain("rows", {"old": 1}, never).facts == {"rows": 300}
    assert Cache(root).obtain("rows", PARTS, fill, force=force).damage() == ""
    assert litter(root) == []
    shutil.rmtree(root)


@pytest.mark.slow
@pytest.mark.parametrize("force", [False, True])
def test_every_write_fsync_and_rename_may_fail(tmp_path, force):
    calls = calls_of_a_sound_disk(tmp_path / "count", force=force)
    assert calls > 20
    sound = sound_cache(tmp_path / "sound", force=force)
    for number in range(calls):
        check_fault(sound, number, errno.EIO if number % 2 else errno.ENOSPC, force=force)


@pytest.mark.torture
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO])
@pytest.mark.parametrize("force", [False, True])
def test_every_write_fsync_and_rename_may_fail_in_every_way(tmp_path, code, force):
    sound = sound_cache(tmp_path / "sound", force=force)
    for number in range(calls_of_a_sound_disk(tmp_path / "count", force=force)):
        check_fault(sound, number, code, force=force)


def damaged_copy(whole: Path, root: Path) -> list[Path]:
    shutil.copytree(whole, root)
    return sorted(file for file in root.rglob("*") if file.is_file() and file.suffix in {".arrow", ".json"})


def check_damages(tmp_path: Path, flips: int, cuts: int, caplog: pytest.LogCaptureFixture) -> None:
    """Flip bits and cut files: each must be noticed before anything is used, and mended."""
    whole = tmp_path / "whole"
    Cache(whole).obtain("rows", PARTS, fill)
    chance = random.Random(1)
    for number in range(flips + cuts):
        root = tmp_path / f"damaged-{number}"
        file = chance.choice(damaged_copy(whole, root))
        content = bytearray(file.read_bytes())
        if number < flips:
            place = chance.randrange(8 * len(content))
            content[place // 8] ^= 1 << place % 8
        else:
            del content[chance.randrange(len(content)) :]
        meaning = dict(Cache(root).entries()[0].manifest) if file.name == "manifest.json" else None
        file.write_bytes(content)
        made: list[Path] = []

        def filling(folder: Path, made: list[Path] = made) -> dict[str, int]:
            made.append(folder)
            return fill(folder)

        caplog.clear()
        entry = Cache(root).obtain("rows", PARTS, filling)
        if not made:  # a blank of the manifest became another blank
            assert meaning is not None and dict(entry.manifest) == meaning
        else:
            assert "damaged" in caplog.text or "nothing of the kind" in caplog.text
        assert entry.damage() == "" and litter(root) == []
        shutil.rmtree(root)


def test_flipped_bits_and_cut_files_are_noticed(tmp_path, caplog):
    check_damages(tmp_path, 30, 12, caplog)


@pytest.mark.torture
def test_many_flipped_bits_and_cut_files_are_noticed(tmp_path, caplog):
    check_damages(tmp_path, 500, 200, caplog)


def slow_fill(folder: Path) -> dict[str, int]:
    facts = fill(folder)
    (folder / "begun").touch()
    time.sleep(60)
    return facts


def make_slowly(root: str) -> None:
    Cache(Path(root)).obtain("rows", PARTS, slow_fill)


def test_what_a_killed_writer_leaves_is_removed(tmp_path):
    process = multiprocessing.get_context("spawn").Process(target=make_slowly, args=(str(tmp_path),))
    process.start()
    while not list(tmp_path.glob("rows/.tengjia-*/begun")):
        assert process.is_alive()
        time.sleep(0.05)
    # While it lives its work is not touched ...
    Cache(tmp_path).obtain("rows", {"other": 1}, fill)
    assert len(litter(tmp_path)) == 1
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    # ... and once it is dead, the next start removes it.
    assert Cache(tmp_path).obtain("rows", {"third": 1}, fill).damage() == ""
    assert litter(tmp_path) == []


def make_and_count(root: str, file: str) -> None:
    def counting(folder: Path) -> dict[str, int]:
        with open(file, "a") as out:
            out.write("made\n")
        time.sleep(0.3)
        return fill(folder)

    Cache(Path(root)).obtain("rows", PARTS, counting)


def test_several_processes_make_an_entry_once(tmp_path):
    context = multiprocessing.get_context("spawn")
    count = str(tmp_path / "count.txt")
    processes = [context.Process(target=make_and_count, args=(str(tmp_path / "cache"), count)) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0, 0]
    assert Path(count).read_text() == "made\n"


def test_waiting_for_another_process_can_be_stopped(tmp_path):
    class Stopped(Exception):
        pass

    def stop() -> None:
        raise Stopped

    (tmp_path / ".locks").mkdir()
    with FileLock(tmp_path / ".locks" / f"rows-{fingerprint_of(PARTS)}.lock"), pytest.raises(Stopped):
        Cache(tmp_path, check=stop).obtain("rows", PARTS, fill)


def test_a_failing_maker_leaves_nothing(tmp_path):
    def failing(folder: Path) -> dict[str, int]:
        fill(folder)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Cache(tmp_path).obtain("rows", PARTS, failing)
    assert litter(tmp_path) == [] and Cache(tmp_path).entries() == []


def test_listing_and_collecting(tmp_path):
    cache = Cache(tmp_path)
    entries = [cache.obtain("rows", {"number": number}, fill) for number in range(4)]
    for age, entry in enumerate(reversed(entries)):
        moment = time.time() - 1000 * age
        os.utime(entry.path / "manifest.json", (moment, moment))
    assert [entry.fingerprint for entry in cache.entries()] == [entry.fingerprint for entry in reversed(entries)]
    assert all(entry.kind == "rows" and entry.created <= time.time() for entry in cache.entries())
    assert [e.fingerprint for e in cache.collect(older_than=2500)] == [entries[0].fingerprint]
    assert [e.fingerprint for e in cache.collect(larger_than=2 * entries[0].size)] == [entries[1].fingerprint]
    assert len(cache.entries()) == 2 and cache.collect() == [] and litter(tmp_path) == []
    cache.obtain("rows", {"number": 3}, never)


@pytest.mark.parametrize(
    "change",
    [
        lambda m: m | {"format": 2},
        lambda m: m | {"fingerprint": "../../x"},
        lambda m: m | {"files": {"../../outside": {"size": 1, "sha256": "0"}}},
        lambda m: m | {"files": {"/etc/passwd": {"size": 1, "sha256": "0"}}},
        lambda m: m | {"files": [1]},
        lambda m: m | {"files": {"rows.arrow": {"size": "1", "sha256": "0"}}},
        lambda m: m | {"parts": {"other": 1}},
        lambda m: m | {"facts": None},
        lambda m: [m],
    ],
)
def test_a_manifest_that_makes_no_sense_is_no_entry(tmp_path, change):
    cache = Cache(tmp_path)
    entry = cache.obtain("rows", PARTS, fill)
    file = entry.path / "manifest.json"
    content = change({key: value for key, value in json.loads(file.read_text()).items() if key != "digest"})
    # A forger can compute a digest too.
    file.write_text(json.dumps(content | {"digest": _digest(content)} if isinstance(content, dict) else content))
    assert cache.entries() == []
    assert cache.obtain("rows", PARTS, fill).damage() == ""


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "cache").write_text("a file")
    with pytest.raises(EnvironmentFault, match="cannot be written"):
        Cache(tmp_path / "cache").obtain("rows", PARTS, fill)


def test_digests_are_remembered_by_size_and_time(tmp_path):
    file = tmp_path / "a.txt"
    file.write_text("one")
    os.utime(file, (1, 1))
    digests = FileDigests(tmp_path)
    first = digests.of(file)
    digests.remember()
    # Only (size, time) are looked at: a change that keeps both is not seen, any other is.
    file.write_text("two")
    assert FileDigests(tmp_path).of(file) != first
    os.utime(file, (1, 1))
    assert FileDigests(tmp_path).of(file) == first


def test_a_fresh_file_is_not_remembered(tmp_path):
    file = tmp_path / "a.txt"
    file.write_text("one")
    digests = FileDigests(tmp_path)
    digests.of(file)
    digests.remember()
    assert not (tmp_path / "hashes.json").exists()


@pytest.mark.parametrize("content", ["", "[]", '{"a": 1}', '{"%s": [3, 1000000000, 5]}', "\x00"])
def test_a_broken_memory_is_ignored(tmp_path, content):
    file = tmp_path / "a.txt"
    file.write_text("one")
    os.utime(file, (1, 1))
    expected = FileDigests(tmp_path).of(file)
    (tmp_path / "hashes.json").write_text(content.replace("%s", str(file)))
    assert FileDigests(tmp_path).of(file) == expected


def test_code_behind_follows_imports_but_not_machinery():
    import tengjia.data.vocabulary
    from tengjia.base_tasks.sequence_labeling import encoding

    files = code_behind((Path(encoding.__file__),))
    assert {"base_tasks/sequence_labeling/encoding.py", "data/vocabulary.py", "data/labels.py"} <= {*files}
    assert not any(name.startswith(("errors", "messages", "utilities", "data/pool", "data/cache")) for name in files)
    assert "base_tasks/sequence_labeling/unit.py" not in files
    assert len(files["data/vocabulary.py"]) == 64 and Path(tengjia.data.vocabulary.__file__).is_file()


def test_code_of_the_project_counts_too(tmp_path):
    package = tmp_path / "src" / "modules" / "tokenizers"
    package.mkdir(parents=True)
    (tmp_path / "src" / "shared.py").write_text("WORD = 1\n")
    module = package / "mine.py"
    module.write_text("from src.shared import WORD\n")
    before = code_behind((module,), tmp_path)
    code_behind.cache_clear()
    assert set(before) == {"mine.py", "shared.py"}
    (tmp_path / "src" / "shared.py").write_text("WORD = 2\n")
    assert difference(before, code_behind((module,), tmp_path))[0].startswith("shared.py: ")
