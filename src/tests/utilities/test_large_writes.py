"""Large writes reach the disk whole, whatever the system allows of the way past the page cache."""

from __future__ import annotations

import errno
import mmap
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tengjia.utilities import large_writes
from tengjia.utilities.large_writes import BLOCK, PAYS_FROM, write_whole

CONTENT = os.urandom(PAYS_FROM + 3 * BLOCK + 17)


def at_a_block() -> memoryview:
    memory = mmap.mmap(-1, len(CONTENT))
    memory.write(CONTENT)
    return memoryview(memory)


def written(path: Path, content: bytes | memoryview) -> bytes:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
    try:
        write_whole(handle, content)
        os.fsync(handle)
    finally:
        os.close(handle)
    return path.read_bytes()


@pytest.mark.parametrize("size", [0, 1, BLOCK, PAYS_FROM - 1, PAYS_FROM, PAYS_FROM + BLOCK - 1, len(CONTENT)])
def test_all_sizes_and_places_in_memory(size: int, tmp_path: Path) -> None:
    whole = at_a_block()
    assert written(tmp_path / "at a block", whole[:size]) == CONTENT[:size]
    assert written(tmp_path / "beside it", whole[1 : 1 + size]) == CONTENT[1 : 1 + size]
    assert written(tmp_path / "bytes", CONTENT[:size]) == CONTENT[:size]


@pytest.mark.parametrize("most", [1, 1000, BLOCK, PAYS_FROM - 512])
def test_short_writes_go_on(most: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write: Callable[..., int] = os.write
    monkeypatch.setattr(os, "write", lambda handle, content: write(handle, content[: max(most, len(content) // 2)]))
    assert written(tmp_path / "file", at_a_block()) == CONTENT


@pytest.mark.skipif(sys.platform != "linux", reason="there is no way past the page cache that Python knows")
def test_a_file_system_without_it_gets_ordinary_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import fcntl

    plain: Callable[..., Any] = fcntl.fcntl

    def refusing(handle: int, command: int, flags: int = 0) -> Any:
        if flags & os.O_DIRECT:
            raise OSError(errno.EINVAL, "Invalid argument")
        return plain(handle, command, flags)

    monkeypatch.setattr(fcntl, "fcntl", refusing)
    assert written(tmp_path / "file", at_a_block()) == CONTENT


def test_another_system_gets_ordinary_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(large_writes.sys, "platform", "win32")
    assert written(tmp_path / "file", at_a_block()) == CONTENT


def test_a_full_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int, content: memoryview) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(OSError, match="No space left"):
        written(tmp_path / "file", at_a_block())
