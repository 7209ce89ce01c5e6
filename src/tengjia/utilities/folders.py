"""Folders that are either whole or not there: written under a temporary name, fsynced, renamed.

with folder_written_atomically(path) as temporary:
    write_all_durably(temporary, {"weights.safetensors": content, "manifest.json": manifest})
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from tengjia.utilities.files import TEMPORARY_PREFIX, sync_folder, temporary_name
from tengjia.utilities.large_writes import write_whole

_LEFTOVER: Final = re.compile(re.escape(TEMPORARY_PREFIX) + r".*\.(\d+)\.[0-9a-f]{8}\Z")


def write_all_durably(folder: Path, files: Mapping[str, bytes | memoryview]) -> None:
    """Write new files, in this order, and wait until the disk has them. Only for a folder that is renamed afterwards.

    First all are written, then all are synced: the file system commits its journal once, not once a file.
    """
    with contextlib.ExitStack() as stack:
        handles = []
        for name, content in files.items():
            handle = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
            stack.callback(os.close, handle)
            handles.append(handle)
            write_whole(handle, content)
        for handle in handles:
            os.fsync(handle)


@contextlib.contextmanager
def folder_written_atomically(path: Path, *, durable: bool = True) -> Iterator[Path]:
    """Give a temporary sibling of `path` to fill; on success it takes the place of `path`, else it vanishes.

    A folder that stands at `path` already is replaced. Between its going and the coming of the new one a crash
    leaves neither: let such a folder be one that can be made again.

    Args:
        path: The folder to make.
        durable: Whether to wait for the disk. Without, a kill does no harm either, but a power failure may.

    Raises:
        OSError: The disk is full, the folder is read-only and so on; `path` is then untouched.
    """
    temporary = temporary_name(path)
    litter = [temporary]
    try:
        _make(temporary)
        yield temporary
        if durable:
            sync_folder(temporary)
        litter = _take_place(temporary, path)
        if durable:
            sync_folder(path.parent)
    finally:
        for one in litter:
            remove_folder(one)


def remove_folder(folder: Path) -> None:
    """Remove a folder that holds files, as far as the system lets us; none is no error.

    With few calls: to whoever computes beside us each costs more than it takes itself, for Python's lock changes hands.
    """
    try:
        for file in list(folder.iterdir()):
            file.unlink()
        folder.rmdir()
    except OSError:  # folders within, or something not ours
        shutil.rmtree(folder, ignore_errors=True)


def _make(folder: Path) -> None:
    try:
        folder.mkdir()
    except FileNotFoundError:
        folder.mkdir(parents=True)


def _take_place(temporary: Path, path: Path) -> list[Path]:
    """Put a folder at `path`; gives what stood there, under another name, if anything did."""
    # One spelling (`os.replace`) for all renames of lasting things, so that tests can make each fail.
    if not path.exists():
        os.replace(temporary, path)
        return []
    former = temporary_name(path)
    os.replace(path, former)
    try:
        os.replace(temporary, path)
    except OSError:
        former.rename(path)
        raise
    return [former]


def remove_leftovers(folder: Path) -> list[Path]:
    """Remove what writers that are gone left unfinished in `folder`; call it before the first write.

    Returns:
        What was removed. Nothing else is ever touched.
    """
    removed = []
    for path in sorted(folder.glob(f"{TEMPORARY_PREFIX}*")):
        match = _LEFTOVER.fullmatch(path.name)
        if match and not _alive(int(match[1])):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()
            removed.append(path)
    return removed


def _alive(process: int) -> bool:
    # Our own number means a former process of a container, where numbers repeat: we have not begun to write.
    if process == os.getpid():
        return False
    if os.name == "nt":
        return True  # signal 0 would end it there
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
