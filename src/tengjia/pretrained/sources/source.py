"""What every source of repositories does."""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from functools import cached_property
from pathlib import Path
from typing import Protocol

from tengjia.bundle.filelist import (
    FILELIST,
    MOST_BYTES_OF_A_LIST,
    Listed,
    files_under,
    read_filelist,
)
from tengjia.errors import CheckpointError
from tengjia.utilities.files import sha256_of_file, write_bytes

_EMPTY = hashlib.sha256().hexdigest()


class Source(Protocol):
    """One repository in one place."""

    address: str
    """How people name it; holds no secret."""

    place: str
    """Folder below the cache, safe to be joined to a path."""

    reference: str
    """What was asked for: a revision, or `-`."""

    fixed: bool
    """Whether the reference means the same content for ever."""

    def identity(self) -> str:
        """Name of the content that the reference means now: 64 hexadecimal digits. Connects."""

    def fill(self, folder: Path) -> None:
        """Put this content into a folder, which may hold a part of it from an earlier attempt."""


class ListedSource(ABC):
    """A source whose content is what its `filelist.txt` says.

    Args:
        address: How people name it.
        place: Folder below the cache.
        largest: Bytes that it may have in all.
        reference: What was asked for.
        fixed: Whether that means the same content for ever.
    """

    def __init__(self, address: str, place: str, largest: int, *, reference: str = "-", fixed: bool = False) -> None:
        self.address, self.place, self.largest = address, place, largest
        self.reference, self.fixed = reference, fixed

    @abstractmethod
    def read_list(self, most: int) -> bytes:
        """The first `most` bytes of `filelist.txt`.

        Raises:
            DataError: It cannot be reached.
            CheckpointError: There is none.
        """

    @abstractmethod
    def fetch(self, path: str, listed: Listed, folder: Path) -> None:
        """Put one file to its place below a folder, verified; goes on with what an earlier attempt left there."""

    @cached_property
    def listing(self) -> bytes:
        """`filelist.txt` as it stands there now."""
        content = self.read_list(MOST_BYTES_OF_A_LIST + 1)
        if len(content) > MOST_BYTES_OF_A_LIST:
            raise CheckpointError("bundle.too_large", file=f"{self.address}/{FILELIST}", limit=MOST_BYTES_OF_A_LIST)
        if not content.endswith(b"\n"):  # as every list does; what is cut short shall not pass for a shorter one
            raise CheckpointError("bundle.bad_list", file=f"{self.address}/{FILELIST}", found=ascii(content[-80:]))
        return content

    def identity(self) -> str:
        """SHA-256 of the list: it stands for the whole content."""
        return hashlib.sha256(self.listing).hexdigest()

    def fill(self, folder: Path) -> None:
        """Fetch every file of the list.

        Raises:
            CheckpointError: The list makes no sense, or names what cannot be in a repository.
            DataError: A file cannot be fetched or is not the listed one.
        """
        write_bytes(folder / FILELIST, self.listing)
        listed = read_filelist(folder / FILELIST)
        if FILELIST in {path.lower() for path in listed}:
            raise CheckpointError("bundle.bad_list", file=f"{self.address}/{FILELIST}", found=FILELIST)
        _check_tree(listed, self.address)
        total = sum(entry.size for entry in listed.values())
        if total > self.largest:
            raise CheckpointError("pretrained.too_large", file=self.address, found=total, limit=self.largest)
        for path, entry in listed.items():
            target = folder / path
            if target.is_file() and sha256_of_file(target) != entry.sha256:
                target.unlink()
            if not entry.size and not target.is_file():
                write_bytes(target, b"")
            if not target.is_file():
                self.fetch(path, entry, folder)
            elif not entry.size and entry.sha256 != _EMPTY:
                raise CheckpointError("bundle.bad_list", file=f"{self.address}/{FILELIST}", found=path)
        present = {path for path, _ in files_under(folder)}
        if strange := sorted(present ^ {*listed, FILELIST}):
            raise CheckpointError("bundle.unlisted", file=self.address, found=strange[0])


def _check_tree(listed: dict[str, Listed], address: str) -> None:
    """No path is a folder of another, in whatever case."""
    paths = {path.lower() for path in listed}
    for path in listed:
        parts = path.lower().split("/")
        for count in range(1, len(parts)):
            if "/".join(parts[:count]) in paths:
                raise CheckpointError("bundle.bad_list", file=f"{address}/{FILELIST}", found=path)
