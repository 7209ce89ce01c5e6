"""Fails the Nth write, fsync or rename, as a full or dying disk does."""

from __future__ import annotations

import builtins
import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest


class Disk:
    """Counts what goes to the disk below a folder, and fails one call.

    Args:
        folder: Only calls for files below it count.
        fail: Number of the call that fails, from 0; `None`: none does.
        code: `errno.ENOSPC` or `errno.EIO`.
    """

    def __init__(self, folder: Path, fail: int | None = None, code: int = errno.ENOSPC) -> None:
        self.folder, self.fail, self.code = str(folder), fail, code
        self.calls = 0

    def __call__(self, path: Any) -> None:
        """One call for a path, or for an open file."""
        if isinstance(path, int):
            path = Path(f"/proc/self/fd/{path}").readlink()
        if not str(path).startswith(self.folder):
            return
        self.calls += 1
        if self.calls - 1 == self.fail:
            raise OSError(self.code, os.strerror(self.code))


class _Writer:
    """A file whose writes are counted."""

    def __init__(self, file: Any, path: Any, disk: Disk) -> None:
        self._file, self._path, self._disk = file, path, disk

    def write(self, content: Any) -> Any:
        self._disk(self._path)
        return self._file.write(content)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def __enter__(self) -> _Writer:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


@contextmanager
def faults(disk: Disk) -> Iterator[Disk]:
    """Every write, fsync and rename goes through `disk` while the block runs."""
    plain, original_fsync = builtins.open, os.fsync

    def opening(path: Any, mode: str = "r", *options: Any, **named: Any) -> Any:
        file = plain(path, mode, *options, **named)
        return _Writer(file, path, disk) if "w" in mode or "a" in mode else file

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(builtins, "open", opening)
        for name in ("fsync", "replace", "rename"):
            original = getattr(os, name)

            def counted(*arguments: Any, _original: Any = original, **named: Any) -> Any:
                disk(arguments[0])
                # Nobody cuts the power here, and a true fsync is slow.
                return None if _original is original_fsync else _original(*arguments, **named)

            patch.setattr(os, name, counted)
        yield disk
