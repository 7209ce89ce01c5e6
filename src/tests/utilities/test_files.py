"""Files are whole or absent, whatever fails on the way."""

from __future__ import annotations

import errno
import os

import pytest

from tengjia.utilities import files


def test_a_file_is_written_whole(tmp_path):
    files.write_json(tmp_path / "new" / "a.json", {"名": [1, 2.5, None]})
    assert files.read_json(tmp_path / "new" / "a.json") == {"名": [1, 2.5, None]}


@pytest.mark.parametrize("call", ["fsync", "replace", "open"])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO])
def test_a_failure_leaves_the_old_file_and_no_litter(tmp_path, monkeypatch, call, number):
    target = tmp_path / "a.txt"
    files.write_text(target, "old")

    def fail(*_arguments, **_options):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(files.os if call != "open" else files, call, fail, raising=False)
    with pytest.raises(OSError, match=os.strerror(number)):
        files.write_text(target, "new")
    monkeypatch.undo()
    assert target.read_text() == "old"
    assert [file.name for file in tmp_path.iterdir()] == ["a.txt"]


def test_an_exception_of_the_writer_leaves_the_old_file(tmp_path):
    target = tmp_path / "a.txt"
    files.write_text(target, "old")
    with pytest.raises(ValueError, match="broken"), files.written_atomically(target, "w") as file:
        file.write("new")
        raise ValueError("broken")
    assert target.read_text() == "old"
    assert len(list(tmp_path.iterdir())) == 1


def test_not_a_number_is_no_json(tmp_path):
    with pytest.raises(ValueError, match="not JSON compliant"):
        files.write_json(tmp_path / "a.json", float("nan"))


def test_sha256(tmp_path):
    (tmp_path / "a").write_bytes(b"abc")
    expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert files.sha256_of_file(tmp_path / "a") == expected
