"""From objects to files: hashed while they are copied, and visible only when every byte was right."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import BinaryIO, Final

from tengjia.errors import StoreError
from tengjia.store.digest_index import DigestIndex
from tengjia.store.gathering import Report, digests_of, gather
from tengjia.store.hashing import Hash, verifying
from tengjia.store.manifest import File, Manifest
from tengjia.store.names import check_path
from tengjia.store.objects import Objects
from tengjia.utilities.files import TEMPORARY_PREFIX, sync_folder, temporary_name
from tengjia.utilities.folders import folder_written_atomically

BLOCK: Final = 1 << 20
_ABANDONED: Final = 86_400.0
"""Seconds after which an unfinished folder has no writer any more."""
_NEW: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)


def write_folder(objects: Objects, manifest: Manifest, folder: Path, durable: bool, report: Report) -> None:
    """Make a folder that holds exactly the files of a manifest; a folder that stands there is replaced.

    Raises:
        StoreError: An object is missing or damaged; nothing has changed then.
    """
    with folder_written_atomically(folder, durable=durable) as temporary:
        _remove_leftovers(temporary)
        write_files(objects, manifest.files, temporary, durable, report)


def merge_into(objects: Objects, files: Sequence[File], folder: Path, report: Report) -> None:
    """Put files beside others in a folder. All are fetched and verified before the first takes its place.

    Raises:
        StoreError: An object is missing or damaged, or a folder or a link stands where a file belongs.
    """
    folder.mkdir(parents=True, exist_ok=True)
    staging = temporary_name(folder / "pull")
    try:
        staging.mkdir()
        _remove_leftovers(staging)
        write_files(objects, files, staging, True, report)
        for file in files:
            target = _real_place(folder, file.path)
            os.replace(staging / file.path, target)
            sync_folder(target.parent)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def write_files(objects: Objects, files: Sequence[File], folder: Path, durable: bool, report: Report) -> None:
    """Write files below a new folder, large ones first so that the last thread is not the longest."""
    for parent in sorted({(folder / check_path(file.path)).parent for file in files}):
        parent.mkdir(parents=True, exist_ok=True)
    largest_first = sorted(files, key=lambda file: -file.size)
    with ThreadPoolExecutor(max_workers=min(4, os.cpu_count() or 1)) as pool:
        waiting = [pool.submit(_write, objects, file, folder / file.path, durable, report) for file in largest_first]
        try:
            for job in waiting:
                job.result()
        except BaseException:
            for job in waiting:
                job.cancel()
            raise
    for parent in sorted({(folder / file.path).parent for file in files} | {folder}, reverse=True) if durable else ():
        sync_folder(parent)


def holds(folder: Path, manifest: Manifest, index: DigestIndex) -> bool:
    """Whether a folder holds exactly the files of a manifest."""
    try:
        sources = gather(folder, exclude=(f"{TEMPORARY_PREFIX}*",))
    except StoreError:
        return False
    sizes = {source.path: source.found.st_size for source in sources}
    if sizes != {file.path: file.size for file in manifest.files}:
        return False
    digests = digests_of(sources, index, lambda count: None)
    found = {source.path: both.sha256 for source, both in zip(sources, digests)}
    return found == {file.path: file.sha256 for file in manifest.files}


def _write(objects: Objects, file: File, target: Path, durable: bool, report: Report) -> None:
    handle = os.open(target, _NEW, 0o666)
    try:
        hashed, expected = verifying(file.sha256, file.blake3)
        with objects.open(file.sha256) as source:
            size = _copied(source, handle, hashed, report)
        if hashed.hexdigest() != expected or size != file.size:
            raise StoreError("store.damaged", found=f"object {file.sha256[:12]} ({file.path})")
        if durable:
            os.fsync(handle)
    finally:
        os.close(handle)
    os.utime(target, ns=(file.modified, file.modified))


def _copied(source: BinaryIO, handle: int, hashed: Hash, report: Report) -> int:
    """Copy to an open file, and give its size. While a block is written, it is hashed on another thread."""
    size, turn = 0, 0
    views = [memoryview(bytearray(BLOCK)), memoryview(bytearray(BLOCK))]
    with _hashing() as hasher:
        pending: list[Future[object] | None] = [None, None]
        while True:
            if (former := pending[turn]) is not None:
                former.result()
            count = source.readinto(views[turn])  # type: ignore[attr-defined]
            if not count:
                return size
            rest = views[turn][:count]
            pending[turn] = hasher.submit(hashed.update, rest)
            while rest:
                rest = rest[os.write(handle, rest) :]
            size += count
            report(count)
            turn = 1 - turn


@contextlib.contextmanager
def _hashing() -> Iterator[ThreadPoolExecutor]:
    """One thread: blocks are hashed in their order."""
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="hash") as pool:
        yield pool


def _real_place(folder: Path, path: str) -> Path:
    """Where a file goes, with its folders made; no part of the way is a link."""
    place = folder
    for part in path.split("/")[:-1]:
        place = place / part
        if place.is_symlink() or (place.exists() and not place.is_dir()):
            raise StoreError("store.not_a_folder", found=str(place))
        place.mkdir(exist_ok=True)
    target = place / path.rpartition("/")[2]
    if target.is_dir() and not target.is_symlink():
        raise StoreError("store.folder_in_the_way", folder=target)
    return target


def _remove_leftovers(new: Path) -> None:
    """Remove what pulls that were killed left beside a folder that was just made: it tells the time of that disk.

    The pid in a name says nothing here: several machines and containers may pull into one folder.
    """
    now = new.stat().st_mtime
    for path in new.parent.glob(f"{TEMPORARY_PREFIX}*"):
        with contextlib.suppress(FileNotFoundError):  # its writer is just done with it
            found = path.stat(follow_symlinks=False)
            if stat.S_ISDIR(found.st_mode) and now - found.st_mtime > _ABANDONED:
                shutil.rmtree(path)
