"""A folder as a place: of this machine, or shared by many (NFS).

No lock is taken, so none can be broken or left behind. `create` writes a file aside and gives it its name by `link()`,
which is atomic on local file systems and on NFS; whether a lost answer of an NFS server meant success, the number of
links tells (open(2), O_EXCL). A folder whose file system has no hard links is refused for writing.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Final

from tengjia.errors import EnvironmentFault, StoreError
from tengjia.store.place import Entry
from tengjia.utilities.files import sync_folder

TEMPORARY: Final = "temporary"
"""Folder of unfinished files; what lies there for longer than the grace is removed by gc."""
_NO_FOLLOW: Final = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_NO_LINKS: Final = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EMLINK, errno.ENOSYS}


class LocalPlace:
    """A folder.

    Args:
        root: Made when something is first written.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._plain: set[Path] = set()

    @property
    def url(self) -> str:
        """The folder."""
        return str(self.root)

    @property
    def keeps_times(self) -> bool:
        """A rename changes nothing but the name."""
        return True

    def is_empty(self) -> bool:
        """Whether the folder is empty, but for unfinished files."""
        return all(entry.name == TEMPORARY for entry in _listed(self.root))

    def read(self, key: str) -> bytes:
        """The content of a small file."""
        with self.open(key) as file:
            return file.read()

    def open(self, key: str, start: int = 0) -> BinaryIO:
        """The file, never through a link."""
        path = self._path(key)
        try:
            handle = os.open(path, os.O_RDONLY | _NO_FOLLOW | getattr(os, "O_NONBLOCK", 0))
        except OSError as error:
            if error.errno in {errno.ELOOP, errno.ENXIO}:
                raise StoreError("store.not_a_file", found=str(path)) from None
            raise
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            os.close(handle)
            raise StoreError("store.not_a_file", found=str(path))
        file = os.fdopen(handle, "rb", buffering=0)
        file.seek(start)
        return file

    def create(self, key: str, content: bytes) -> bool:
        """Write a file that must not exist."""
        path = self._path(key)
        with self._temporary([content]) as temporary:
            self._folder(path.parent)
            created = _linked(temporary, path)
        if created:
            sync_folder(path.parent)
        return created

    def replace(self, key: str, content: bytes) -> None:
        """Write a file in the place of whatever was there."""
        self.put(key, [content])

    def put(self, key: str, blocks: Iterable[bytes]) -> None:
        """Write a large file."""
        path = self._path(key)
        with self._temporary(blocks) as temporary:
            self._folder(path.parent)
            os.replace(temporary, path)
        sync_folder(path.parent)

    def stat(self, key: str) -> Entry | None:
        """Size and time, by a handle: on NFS an open file is asked for anew, a name may be remembered."""
        try:
            with self.open(key) as file:
                found = os.fstat(file.fileno())
        except (FileNotFoundError, NotADirectoryError):
            return None
        return Entry(key, found.st_size, found.st_mtime)

    def touch(self, key: str) -> bool:
        """Set the times of a file to those of its file system's clock."""
        try:
            os.utime(self._path(key), follow_symlinks=os.utime not in os.supports_follow_symlinks)
        except (FileNotFoundError, NotADirectoryError):
            return False
        except PermissionError:  # another user's file: a copy of our own takes its place
            return self._rewritten(key)
        return True

    def move(self, key: str, target: str) -> bool:
        """Rename a file."""
        source, goal = self._path(key), self._path(target)
        self._folder(goal.parent)
        try:
            os.replace(source, goal)
        except FileNotFoundError:
            return False
        sync_folder(goal.parent)
        sync_folder(source.parent)
        return True

    def delete(self, key: str) -> bool:
        """Remove a file, and its folder once that is empty and not one that others are about to write to."""
        path = self._path(key)
        try:
            path.unlink()
        except FileNotFoundError:
            return False
        if key.startswith("trash/"):
            with contextlib.suppress(OSError):
                path.parent.rmdir()
        return True

    def entries(self, prefix: str) -> Iterator[Entry]:
        """Every file below a folder; links and special files are none."""
        waiting = [prefix]
        while waiting:
            folder = waiting.pop()
            for entry in self._scan(folder):
                key = f"{folder}/{entry.name}"
                with contextlib.suppress(FileNotFoundError):
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(key)
                    elif entry.is_file(follow_symlinks=False):
                        found = entry.stat(follow_symlinks=False)
                        yield Entry(key, found.st_size, found.st_mtime)

    def folders(self, prefix: str) -> list[str]:
        """Names of the folders directly below."""
        return sorted(entry.name for entry in self._scan(prefix) if entry.is_dir(follow_symlinks=False))

    def now(self) -> float:
        """The time that a file gets that is written now."""
        with self._temporary([]) as probe:
            return probe.stat().st_mtime

    def path(self, key: str) -> Path | None:
        """The file itself."""
        return self._path(key)

    def _scan(self, folder: str) -> list[os.DirEntry[str]]:
        return _listed(self._path(folder))

    def _rewritten(self, key: str) -> bool:
        try:
            with self.open(key) as file:
                self.put(key, iter(lambda: file.read(1 << 20), b""))
        except FileNotFoundError:
            return False
        return True

    def _path(self, key: str) -> Path:
        """The file of a key; no folder on the way to it is a link."""
        parts = key.split("/")
        if any(part in {"", ".", ".."} for part in parts):
            raise StoreError("store.bad_path", found=key)
        folder = self.root
        for part in parts[:-1]:
            folder = folder / part
            if folder not in self._plain:
                self._check_plain(folder)
        return folder / parts[-1]

    def _check_plain(self, folder: Path) -> None:
        try:
            mode = folder.lstat().st_mode
        except (FileNotFoundError, NotADirectoryError):
            return
        if not stat.S_ISDIR(mode):
            raise StoreError("store.not_a_file", found=str(folder))
        self._plain.add(folder)

    def _folder(self, folder: Path) -> None:
        """Make a folder and those above it, and let the disk know."""
        if folder in self._plain:
            return
        if not folder.is_dir():
            if folder != self.root:
                self._folder(folder.parent)
            else:
                folder.parent.mkdir(parents=True, exist_ok=True)
            with contextlib.suppress(FileExistsError):
                folder.mkdir()
            sync_folder(folder.parent)
        self._check_plain(folder)

    @contextlib.contextmanager
    def _temporary(self, blocks: Iterable[bytes]) -> Iterator[Path]:
        """A durable file of these blocks; it is gone afterwards, unless it was renamed."""
        self._folder(self.root / TEMPORARY)
        path = self.root / TEMPORARY / f"{os.getpid()}.{secrets.token_hex(8)}"
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_FOLLOW, 0o666)
            try:
                for block in blocks:
                    rest = memoryview(block)
                    while rest:
                        rest = rest[os.write(handle, rest) :]
                os.fsync(handle)
            finally:
                os.close(handle)
            yield path
        finally:
            with contextlib.suppress(OSError):
                path.unlink()


def _listed(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except (FileNotFoundError, NotADirectoryError):
        return []


def _linked(temporary: Path, path: Path) -> bool:
    """Give a file a second name; `False` if that name is taken by another."""
    try:
        os.link(temporary, path)
        return True
    except OSError as error:
        if temporary.stat().st_nlink == 2:
            return True  # NFS: the link was made, its answer was lost
        if error.errno == errno.EEXIST:
            return False
        if error.errno in _NO_LINKS:
            raise EnvironmentFault("store.no_links", file=path.parent, reason=error.strerror or error) from error
        raise
