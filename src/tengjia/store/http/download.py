"""Large contents on their way here: kept under their digest, and gone on with, whoever began them.

    <cache>/parts/<sha256>         what came of it so far

The content is verified by whoever reads it; what turned out wrong is not kept.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import time
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

from filelock import FileLock, Timeout

from tengjia.errors import StoreError
from tengjia.store.digest_index import cache_folder
from tengjia.store.gathering import BLOCK
from tengjia.store.http.connection import Answer, Connection, length_of
from tengjia.utilities.files import sha256_of_file

_ABANDONED: Final = 7 * 86_400.0


def downloaded(connection: Connection, path: str, digest: str) -> BinaryIO:
    """A content as an open file of this machine, which vanishes when it is closed.

    Raises:
        StoreError: It is not to be had, or the line breaks again and again; what came is kept for the next attempt.
    """
    folder = cache_folder() / "parts"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _remove_abandoned(folder)
    lock = FileLock(folder / f"{digest}.lock")
    try:
        lock.acquire(timeout=0)
        part = folder / digest
    except Timeout:  # another process fetches the same: each for itself
        part = folder / f"{digest}.{os.getpid()}.{secrets.token_hex(4)}"
    try:
        _fetch(connection, path, part, digest)
        return cast(BinaryIO, _Vanishing(part, lock))
    except BaseException:
        lock.release()
        raise


def _fetch(connection: Connection, path: str, part: Path, digest: str) -> None:
    def received() -> int:
        return part.stat().st_size if part.exists() else 0

    def once() -> Answer:
        start = received()
        with connection.asked("GET", path, None, connection.headers(start)) as response:
            continued = response.status == 206 and start > 0
            with open(part, "ab" if continued else "wb", buffering=0) as sink:
                expected = length_of(response)
                while block := response.read(BLOCK):
                    sink.write(block)
                    expected -= len(block)
                if expected:
                    raise ConnectionError("the line was cut")
            return Answer(response.status, response.headers, b"")

    try:
        connection.again(once, received)
    except StoreError as error:
        # There may be nothing left to ask for (416): all of it is here already, or more than there ever was.
        if error.code != "store.strange_answer" or not received():
            raise
        if sha256_of_file(part) != digest:
            part.unlink()
            connection.again(once, received)


class _Vanishing:
    """A file that is deleted when it is closed: it was copied, or it was wrong."""

    def __init__(self, part: Path, lock: FileLock) -> None:
        self._part = part
        self._lock = lock
        self._file = open(part, "rb", buffering=0)  # noqa: SIM115

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def __enter__(self) -> _Vanishing:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Delete it."""
        self._file.close()
        self._part.unlink(missing_ok=True)
        self._lock.release()


def _remove_abandoned(folder: Path) -> None:
    for path in folder.iterdir():
        with contextlib.suppress(FileNotFoundError):
            if time.time() - path.stat().st_mtime > _ABANDONED:
                path.unlink()
