"""A bundle is complete or absent, and nothing that was changed is ever used."""

from __future__ import annotations

import contextlib
import json
import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from tengjia.bundle.filelist import FILELIST, write_filelist
from tengjia.bundle.folder import MODEL_CONFIG, WEIGHTS, Bundle, written_bundle
from tengjia.errors import CheckpointError
from tengjia.utilities.files import write_text

from .sample import write_sample_bundle


def _relist(bundle: Path) -> None:
    """Make the lists true again, as a forger would."""
    for name in ("model", "model_code", "trainer"):
        if (bundle / name).is_dir():
            write_filelist(bundle / name)
    write_filelist(bundle)


def test_a_written_bundle_reads_back_and_reading_writes_nothing(tmp_path: Path) -> None:
    folder = write_sample_bundle(tmp_path / "bundle")
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    bundle = Bundle.open(folder)
    assert bundle.config["labels"] == ["组织"]
    assert bundle.read_config("trainer/train_config/config.json") == {"seed": 1}
    assert set(bundle.files) == {
        "README.md",
        "golden.jsonl",
        "model/config.json",
        "model/filelist.txt",
        "model/tokenizer/words.txt",
        "model/weights.safetensors",
        "trainer/config.json",
        "trainer/filelist.txt",
        "trainer/train_config/config.json",
    }
    assert bundle.code() == {}
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before
    assert list(tmp_path.iterdir()) == [folder]


def test_the_same_content_has_the_same_digest(tmp_path: Path) -> None:
    first = Bundle.open(write_sample_bundle(tmp_path / "first"))
    second = Bundle.open(write_sample_bundle(tmp_path / "second"))
    other = Bundle.open(write_sample_bundle(tmp_path / "other", weights=bytes(65)))
    assert first.digest == second.digest != other.digest


def test_a_bundle_replaces_an_older_one(tmp_path: Path) -> None:
    folder = write_sample_bundle(tmp_path / "bundle")
    write_sample_bundle(folder, weights=bytes(100))
    assert Bundle.open(folder).files[WEIGHTS].size == 100
    assert list(tmp_path.iterdir()) == [folder]


def test_a_failed_writer_leaves_the_older_bundle_and_no_litter(tmp_path: Path) -> None:
    folder = write_sample_bundle(tmp_path / "bundle")
    digest = Bundle.open(folder).digest
    with pytest.raises(OSError, match="disk full"), written_bundle(folder) as temporary:
        write_text(temporary / MODEL_CONFIG, "{}")
        raise OSError("disk full")
    with pytest.raises(CheckpointError) as caught, written_bundle(folder) as temporary:
        write_text(temporary / MODEL_CONFIG, "{}")
    assert caught.value.code == "bundle.missing"
    assert Bundle.open(folder).digest == digest
    assert list(tmp_path.iterdir()) == [folder]


def _append(path: str) -> Callable[[Path], object]:
    return lambda folder: (folder / path).write_bytes((folder / path).read_bytes() + b" ")


def _swap_bit(path: str) -> Callable[[Path], object]:
    def damage(folder: Path) -> None:
        content = bytearray((folder / path).read_bytes())
        content[len(content) // 2] ^= 1
        (folder / path).write_bytes(content)

    return damage


def _list_with(line: str) -> Callable[[Path], object]:
    return lambda folder: (folder / FILELIST).write_text((folder / FILELIST).read_text() + line + "\n")


def _relisted(change: Callable[[Path], object]) -> Callable[[Path], object]:
    def damage(folder: Path) -> None:
        change(folder)
        _relist(folder)

    return damage


def _fifo(folder: Path) -> None:
    os.mkfifo(folder / "model" / "pipe")


ZEROS = "0" * 64
DAMAGES = [
    ("weights longer", _append(WEIGHTS), "bundle.changed", "expected 64 bytes, found 65 bytes"),
    ("weights flipped", _swap_bit(WEIGHTS), "bundle.changed", "expected f5a5fd42d16a2030"),
    ("golden flipped", _swap_bit("golden.jsonl"), "bundle.changed", "not the one that was written"),
    ("card longer", _append("README.md"), "bundle.changed", "not the one that was written"),
    ("inner list changed", _append("model/filelist.txt"), "bundle.changed", "not the one that was written"),
    ("weights lost", lambda f: (f / WEIGHTS).unlink(), "bundle.missing", "`model/weights.safetensors` is missing"),
    ("root list lost", lambda f: (f / FILELIST).unlink(), "bundle.missing", "`filelist.txt` is missing"),
    ("unlisted file", lambda f: (f / "model" / "x.txt").write_text("x"), "bundle.unlisted", "`model/x.txt`"),
    ("unlisted code", lambda f: (f / "sitecustomize.py").write_text("x"), "bundle.unlisted", "`sitecustomize.py`"),
    ("listed code", _relisted(lambda f: (f / "model" / "x.py").write_text("x")), "bundle.hidden_code", "program file"),
    ("listed library", _relisted(lambda f: (f / "model" / "x.SO").write_text("x")), "bundle.hidden_code", "program"),
    ("foreign folder", _relisted(lambda f: write_text(f / "cache" / "x.txt", "x")), "bundle.unlisted", "`cache/x.txt`"),
    ("foreign root file", _relisted(lambda f: (f / "setup.cfg").write_text("x")), "bundle.unlisted", "`setup.cfg`"),
    ("link", lambda f: (f / "model" / "link").symlink_to("/etc/hostname"), "bundle.not_a_file", "a link"),
    ("link to folder", lambda f: (f / "model" / "link").symlink_to("/etc"), "bundle.not_a_file", "a link"),
    ("pipe", _fifo, "bundle.not_a_file", "special file"),
    ("escape", _list_with(f"../secret 1 {ZEROS}"), "bundle.bad_list", "../secret"),
    ("absolute", _list_with(f"/etc/passwd 1 {ZEROS}"), "bundle.bad_list", "/etc/passwd"),
    ("windows", _list_with(f"model\\x 1 {ZEROS}"), "bundle.bad_list", "model\\x"),
    ("twice", _list_with(f"readme.MD 1 {ZEROS}"), "bundle.bad_list", "readme.MD"),
    ("no digest", _list_with("model/x 1"), "bundle.bad_list", "model/x 1"),
    ("huge size", _list_with(f"model/x {'9' * 30} {ZEROS}"), "bundle.bad_list", "999"),
    ("huge card", _list_with(f"model/x.md {2**30} {ZEROS}"), "bundle.too_large", "larger than 1048576 bytes"),
    ("endless list", lambda f: (f / FILELIST).write_text("x" * (2 << 20)), "bundle.too_large", "larger than"),
    ("binary list", lambda f: (f / FILELIST).write_bytes(b"\xff\xfe"), "bundle.bad_list", "not UTF-8"),
    (
        "inner list forged",
        lambda f: ((f / "model" / FILELIST).write_text(""), write_filelist(f)),
        "bundle.lists_differ",
        "disagree",
    ),
    (
        "many files",
        lambda f: [(f / "model" / f"{number}.txt").touch() for number in range(1001)],
        "bundle.too_many_files",
        "more than 1000 files",
    ),
]


@pytest.mark.parametrize(("damage", "code", "words"), [case[1:] for case in DAMAGES], ids=[case[0] for case in DAMAGES])
def test_damage_is_told(
    tmp_path: Path, damage: Callable[[Path], object], code: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_sample_bundle(tmp_path / "bundle")
    damage(folder)
    with pytest.raises(CheckpointError) as caught:
        Bundle.open(folder)
    assert caught.value.code == code
    assert words in caught.value.message
    assert caught.value.hint
    monkeypatch.setenv("TENGJIA_LANG", "zh")
    assert caught.value.message and caught.value.hint


def test_no_bundle_is_told(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError) as caught:
        Bundle.open(tmp_path / "nothing")
    assert caught.value.code == "bundle.absent"
    assert "train first" in caught.value.hint


def test_every_flipped_bit_and_every_cut_is_found(tmp_path: Path) -> None:
    folder = write_sample_bundle(tmp_path / "bundle")
    chance = random.Random(5)
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    for number in range(150):
        file = chance.choice(files)
        content = file.read_bytes()
        if number % 3:
            changed = bytearray(content)
            changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
        else:
            changed = bytearray(content[: chance.randrange(len(content))])
        digest = Bundle.open(folder).digest
        file.write_bytes(changed)
        with contextlib.suppress(CheckpointError):
            # A changed root list may list the same files in another spelling; then its digest differs.
            assert Bundle.open(folder).digest != digest and file == folder / FILELIST
        file.write_bytes(content)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("[1]", "bundle.bad_json"),
        ("{", "bundle.bad_json"),
        ('{"a": 1, "a": 2}', "bundle.bad_json"),
        ("[" * 100_000, "bundle.bad_json"),
        ('{"_target_": "os.system"}', "bundle.not_plain"),
        ('{"model": {"_partial_": true}}', "bundle.not_plain"),
        ('{"file": "/etc/passwd"}', "bundle.not_plain"),
        ('{"file": "..\\\\x"}', "bundle.not_plain"),
        ('{"file": "a/../../b"}', "bundle.not_plain"),
        ('{"file": "C:\\\\x"}', "bundle.not_plain"),
        ('{"file": "~/x"}', "bundle.not_plain"),
        ('{"url": "file:///etc"}', "bundle.not_plain"),
        ('{"url": "http://host"}', "bundle.not_plain"),
        ('{"key": "${oc.env:HOME}"}', "bundle.not_plain"),
        ('{"list": [["${x}"]]}', "bundle.not_plain"),
        ('{"size": 1e999}', "bundle.not_plain"),
        ('{"size": NaN}', "bundle.not_plain"),
        ('{"size": 99999999999999999999}', "bundle.not_plain"),
        ('{"a": ' * 20 + "1" + "}" * 20, "bundle.not_plain"),
        (json.dumps({"text": "x" * 5000}), "bundle.not_plain"),
    ],
)
def test_a_config_is_plain_data(tmp_path: Path, content: str, code: str) -> None:
    folder = write_sample_bundle(tmp_path / "bundle")
    (folder / MODEL_CONFIG).write_text(content)
    _relist(folder)
    with pytest.raises(CheckpointError) as caught:
        _ = Bundle.open(folder).config
    assert caught.value.code == code
    assert str(folder / MODEL_CONFIG) in str(caught.value)
