"""Whatever fsspec knows as a place: `s3://bucket/folder`, `memory://name` (for tests), others for reading.

`create` is a conditional write (`If-None-Match: *`): the server writes for the first writer only. Where a protocol has
none, or a server only seems to have it, writing is refused: two writers would undo one another there.
"""

from __future__ import annotations

import contextlib
import importlib
import secrets
import threading
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Final

from tengjia.errors import EnvironmentFault
from tengjia.store.local_place import TEMPORARY
from tengjia.store.names import shown
from tengjia.store.place import Entry

EXCLUSIVE: Final = ("s3", "s3a", "memory")
"""Protocols whose conditional write is one step."""
_TIMES: Final = ("LastModified", "mtime", "last_modified", "updated")
_ONE_AT_A_TIME: Final = threading.Lock()


class FsspecPlace:
    """A folder of a file system of fsspec.

    Args:
        url: `protocol://...`.
        options: For the file system, beside those of fsspec's own configuration (`FSSPEC_S3_ENDPOINT_URL`, ...).

    Raises:
        EnvironmentFault: The package of the protocol is not installed.
    """

    def __init__(self, url: str, **options: Any) -> None:
        self._url = url.rstrip("/")
        self._protocol = url.partition("://")[0].lower()
        try:
            fsspec = importlib.import_module("fsspec")
            self._system = _Spoken(fsspec.filesystem(self._protocol, use_listings_cache=False, **options))
        except (ImportError, ValueError) as error:
            raise EnvironmentFault("store.no_protocol", found=shown(f"{self._protocol}://"), reason=error) from error
        self._root = str(self._system._strip_protocol(self._url)).rstrip("/")
        self._may_write = False

    @property
    def url(self) -> str:
        """As it was given."""
        return self._url

    @property
    def keeps_times(self) -> bool:
        """A copy is as young as any."""
        return False

    def is_empty(self) -> bool:
        """Whether nothing lies there."""
        try:
            return not self._system.ls(self._root, detail=False)
        except FileNotFoundError:
            return True

    def read(self, key: str) -> bytes:
        """The content of a small key."""
        content: bytes = self._system.cat_file(self._path(key))
        return content

    def open(self, key: str, start: int = 0) -> BinaryIO:
        """The content of a large key, read ahead in blocks."""
        file: BinaryIO = self._system.open(self._path(key), "rb", block_size=8 << 20, cache_type="readahead")
        file.seek(start)
        return file

    def create(self, key: str, content: bytes) -> bool:
        """Write a key that must not exist.

        Raises:
            EnvironmentFault: The protocol or the server cannot promise that.
        """
        self._check_exclusive()
        return self._create(key, content)

    def replace(self, key: str, content: bytes) -> None:
        """Write a key, whatever stood there."""
        self._check_exclusive()
        self._system.pipe_file(self._path(key), content)

    def put(self, key: str, blocks: Iterable[bytes]) -> None:
        """Write a large key in parts; it is there once all of them are."""
        self._check_exclusive()
        file = self._system.open(self._path(key), "wb", autocommit=False, block_size=16 << 20)
        try:
            for block in blocks:
                with _spoken():
                    file.write(block)
            with _spoken():
                file.close()
                file.commit()
        except BaseException:
            with contextlib.suppress(Exception):  # what is told is why it failed, not that it could not be undone
                file.discard()
            raise

    def stat(self, key: str) -> Entry | None:
        """Size and time of a key."""
        path = self._path(key)
        try:
            found = self._system.info(path)
        except FileNotFoundError:
            return None
        return Entry(key, int(found["size"]), self._modified(path, found)) if found["type"] == "file" else None

    def touch(self, key: str) -> bool:
        """Copy a key aside and back, on the server."""
        aside = self._path(f"{TEMPORARY}/{secrets.token_hex(8)}")
        try:
            self._system.cp_file(self._path(key), aside)
        except FileNotFoundError:
            return False
        self._system.cp_file(aside, self._path(key))
        self._system.rm_file(aside)
        return True

    def move(self, key: str, target: str) -> bool:
        """Copy a key, and remove the former."""
        try:
            self._system.cp_file(self._path(key), self._path(target))
        except FileNotFoundError:
            return False
        return self.delete(key)

    def delete(self, key: str) -> bool:
        """Remove a key."""
        try:
            self._system.rm_file(self._path(key))
        except FileNotFoundError:
            return False
        return True

    def entries(self, prefix: str) -> Iterator[Entry]:
        """Every key below a folder."""
        try:
            found = self._system.find(self._path(prefix), detail=True)
        except FileNotFoundError:
            return
        for path, info in found.items():
            key = str(path).removeprefix(self._root).lstrip("/")
            with contextlib.suppress(FileNotFoundError):
                yield Entry(key, int(info["size"]), self._modified(path, info))

    def folders(self, prefix: str) -> list[str]:
        """Names of the folders directly below."""
        try:
            found = self._system.ls(self._path(prefix), detail=True)
        except FileNotFoundError:
            return []
        names = (str(info["name"]).rstrip("/").rpartition("/")[2] for info in found if info["type"] == "directory")
        return sorted(name for name in names if name)

    def now(self) -> float:
        """The time that a key gets that is written now."""
        path = self._path(f"{TEMPORARY}/{secrets.token_hex(8)}")
        self._system.pipe_file(path, b"")
        try:
            return self._modified(path, self._system.info(path))
        finally:
            self._system.rm_file(path)

    def path(self, key: str) -> Path | None:
        """Nothing here is a file of this machine."""
        return None

    def _path(self, key: str) -> str:
        return f"{self._root}/{key}"

    def _modified(self, path: str, info: dict[str, Any]) -> float:
        time = next((info[name] for name in _TIMES if info.get(name) is not None), None)
        if time is None:
            time = self._system.modified(path)
        return time.timestamp() if isinstance(time, datetime) else float(time)

    def _create(self, key: str, content: bytes) -> bool:
        # `memory://` looks and writes in two steps: one thread of this process at a time.
        with _ONE_AT_A_TIME if self._protocol == "memory" else contextlib.nullcontext():
            try:
                self._system.pipe_file(self._path(key), content, mode="create")
            except FileExistsError:
                return False
            except OSError as error:
                if _is_precondition(error):
                    return False
                raise
        return True

    def _check_exclusive(self) -> None:
        """Try it once: a server that does not know conditional writes would let the second one through."""
        if self._may_write:
            return
        key = f"{TEMPORARY}/{secrets.token_hex(8)}"
        if self._protocol not in EXCLUSIVE or not self._create(key, b"1") or self._create(key, b"2"):
            raise EnvironmentFault("store.no_exclusive_write", found=shown(self._url))
        self.delete(key)
        self._may_write = True


class _Spoken:
    """A file system whose every failure is an `OSError`; those of the libraries below it are not."""

    def __init__(self, system: Any) -> None:
        self._system = system

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._system, name)

        def called(*arguments: Any, **options: Any) -> Any:
            with _spoken():
                return found(*arguments, **options)

        return called


@contextlib.contextmanager
def _spoken() -> Iterator[None]:
    try:
        yield
    except OSError:
        raise
    except Exception as error:
        raise OSError(f"{type(error).__name__}: {error}") from error


def _is_precondition(error: OSError) -> bool:
    """Whether a server refused because the key exists (412), or because another is just writing it (409)."""
    cause: Any = error.__cause__ or error
    response = getattr(cause, "response", None) or {}
    code = str(response.get("Error", {}).get("Code", ""))
    return code in {"PreconditionFailed", "ConditionalRequestConflict", "412", "409"}
