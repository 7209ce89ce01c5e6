"""What is to be pushed: plain files of a folder, their digests, and their bytes as they were hashed, or an error."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import BinaryIO, Final

from tengjia.errors import StoreError
from tengjia.store.digest_index import SMALLEST, DigestIndex, identity, wait_a_tick
from tengjia.store.hashing import Digests, new_blake3
from tengjia.store.manifest import MOST_FILES, File
from tengjia.store.names import check_path, shown

BLOCK: Final = 1 << 20
_OPEN: Final = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
Report = Callable[[int], object]
"""Is told the bytes that were done."""


@dataclass(frozen=True)
class Source:
    """One file on its way into a store."""

    path: str
    """Its path in the version."""
    file: Path
    found: os.stat_result
    """As it was when it was looked at first."""

    def as_file(self, digests: Digests) -> File:
        """The line of a manifest."""
        return File(self.path, self.found.st_size, digests.sha256, self.found.st_mtime_ns, digests.blake3)

    def blocks(self, digest: str, report: Report) -> Iterator[bytes]:
        """The bytes of the file.

        Raises:
            StoreError: They are no longer those of the digest; told before the last block is taken for the end.
        """
        hashed = hashlib.sha256()
        with opened(self.file) as file:
            while block := file.read(BLOCK):
                hashed.update(block)
                report(len(block))
                yield block
        if hashed.hexdigest() != digest:
            raise StoreError("store.changed_meanwhile", file=self.file)


def gather(source: str | Path | Mapping[str, str | Path], exclude: Iterable[str] = ()) -> list[Source]:
    """The files to push.

    Args:
        source: A folder, a file, or path in the version -> file.
        exclude: Patterns (`fnmatch`) of paths to leave out.

    Raises:
        StoreError: Nothing is there, a link or a special file is, or a name cannot be carried.
    """
    patterns = list(exclude)
    pairs: Iterable[tuple[str, Path]]
    if isinstance(source, Mapping):
        pairs = ((path, Path(file)) for path, file in source.items())
    elif (place := Path(source).expanduser()).is_dir():
        pairs = _walk(place, patterns)
    else:
        pairs = [(place.name, place)]
    sources = [_looked_at(path, file) for path, file in pairs if not _matches(path, patterns)]
    if not sources:
        raise StoreError("store.nothing_to_push", found=shown(source if not isinstance(source, Mapping) else "{}"))
    if len(sources) > MOST_FILES:
        raise StoreError("store.too_many_files", limit=MOST_FILES, found=len(sources))
    return sources


def digests_of(sources: list[Source], index: DigestIndex, report: Report) -> list[Digests]:
    """The hashes of each file: remembered, or hashed now on a few threads.

    Raises:
        StoreError: A file changes while it is hashed.
    """
    known = [index.find(source.file.absolute(), source.found) for source in sources]
    todo = [number for number, digests in enumerate(known) if digests is None]
    if any(sources[number].found.st_size >= SMALLEST for number in todo):
        wait_a_tick()  # a change after this has other times than those that were read
    with ThreadPoolExecutor(max_workers=min(4, os.cpu_count() or 1)) as pool:
        for number, digests in zip(todo, pool.map(lambda number: _hashed(sources[number], report), todo)):
            known[number] = digests
            index.remember(sources[number].file.absolute(), sources[number].found, digests)
    return [digests for digests in known if digests is not None]


def check_unchanged(sources: list[Source]) -> None:
    """Every file is as it was looked at first.

    Raises:
        StoreError: One is not.
    """
    for source in sources:
        try:
            same = identity(source.file.stat(follow_symlinks=False)) == identity(source.found)
        except FileNotFoundError:
            same = False
        if not same:
            raise StoreError("store.changed_meanwhile", file=source.file)


def opened(file: Path) -> BinaryIO:
    """A plain file, never through a link.

    Raises:
        StoreError: It is none.
    """
    try:
        handle = os.open(file, _OPEN)
    except FileNotFoundError:
        raise StoreError("store.no_file", found=shown(file)) from None
    except OSError as error:
        if stat.S_ISREG(file.lstat().st_mode):
            raise
        raise StoreError("store.not_a_file", found=shown(file)) from error
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise StoreError("store.not_a_file", found=shown(file))
    return os.fdopen(handle, "rb", buffering=0)


def _hashed(source: Source, report: Report) -> Digests:
    named, quick = hashlib.sha256(), new_blake3()
    view = memoryview(bytearray(BLOCK))
    with opened(source.file) as file:
        while count := file.readinto(view):  # type: ignore[attr-defined]
            named.update(view[:count])
            if quick is not None:
                quick.update(view[:count])
            report(count)
        if identity(os.fstat(file.fileno())) != identity(source.found):
            raise StoreError("store.changed_meanwhile", file=source.file)
    return Digests(named.hexdigest(), "" if quick is None else quick.hexdigest())


def _walk(folder: Path, patterns: list[str]) -> Iterator[tuple[str, Path]]:
    waiting = [("", folder)]
    while waiting:
        prefix, inner = waiting.pop()
        for entry in sorted(os.scandir(inner), key=lambda entry: entry.name):
            path = f"{prefix}{entry.name}"
            if _matches(path, patterns):
                continue
            if entry.is_dir(follow_symlinks=False):
                waiting.append((f"{path}/", Path(entry.path)))
            else:
                yield path, Path(entry.path)


def _looked_at(path: str, file: Path) -> Source:
    check_path(path)
    try:
        found = file.stat(follow_symlinks=False)
    except (FileNotFoundError, NotADirectoryError):
        raise StoreError("store.no_file", found=shown(file)) from None
    if not stat.S_ISREG(found.st_mode):
        raise StoreError("store.not_a_file", found=shown(file))
    return Source(path, file, found)


def _matches(path: str, patterns: list[str]) -> bool:
    return any(fnmatchcase(path, pattern) for pattern in patterns)
