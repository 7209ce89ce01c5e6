"""Where a store lies: what everything above asks of a folder, a bucket, or whatever else keeps bytes under keys.

A key is a path of plain ASCII parts that this room makes itself (`objects/ab/<sha256>`), never a name from outside.
Everything is built on two promises: a key that can be read is whole, and `create` succeeds for one writer only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple, Protocol

from tengjia.errors import StoreError
from tengjia.store.names import shown


class Entry(NamedTuple):
    """What a place tells of a key without reading it."""

    key: str
    size: int
    """Bytes."""
    modified: float
    """Seconds since 1970 by the clock of the place, not of this machine."""


class Place(Protocol):
    """Bytes under keys. Absent keys are `None` or `False`, or `FileNotFoundError` where content is asked for."""

    @property
    def url(self) -> str:
        """How people name the place; opens it again."""

    @property
    def keeps_times(self) -> bool:
        """Whether a key that is moved stays as old as it was."""

    def is_empty(self) -> bool:
        """Whether nothing at all lies there."""

    def read(self, key: str) -> bytes:
        """The content of a small key."""

    def open(self, key: str, start: int = 0) -> BinaryIO:
        """The content of a large key from byte `start` on."""

    def create(self, key: str, content: bytes) -> bool:
        """Write a key that must not exist; whole, durable, and by one writer only. `False` if it exists."""

    def replace(self, key: str, content: bytes) -> None:
        """Write a key, whole and durable, whatever stood there."""

    def put(self, key: str, blocks: Iterable[bytes]) -> None:
        """Write a large key from its blocks; whatever they raise leaves nothing behind."""

    def stat(self, key: str) -> Entry | None:
        """Size and time of a key."""

    def touch(self, key: str) -> bool:
        """Make a key as young as if it were written now; `False` if it is absent."""

    def move(self, key: str, target: str) -> bool:
        """Give a key another name; `False` if it is absent."""

    def delete(self, key: str) -> bool:
        """Remove a key; `False` if it is absent."""

    def entries(self, prefix: str) -> Iterator[Entry]:
        """Every key below a folder, in any order."""

    def folders(self, prefix: str) -> list[str]:
        """Names of the folders directly below a folder, sorted."""

    def now(self) -> float:
        """The time by the clock that stamps the keys."""

    def path(self, key: str) -> Path | None:
        """The key as a file of this machine, if it is one."""


def open_place(url: str | Path, *, create: bool = True) -> Place:
    """The place that a folder or a URL names.

    Args:
        url: A folder, `file://...`, or a URL that fsspec knows (`s3://bucket/folder`, `memory://name`).
        create: Whether a folder that is absent may be made, once something is written.

    Raises:
        StoreError: No such folder, or nothing that can be one.
        EnvironmentFault: fsspec or the package of that protocol is not installed.
    """
    from tengjia.store.local_place import LocalPlace

    text = str(url)
    if "\0" in text or "\n" in text or not text.strip():
        raise StoreError("store.bad_place", found=shown(text))
    if text.startswith("file://"):
        text = text.removeprefix("file://")
    elif "://" in text:
        from tengjia.store.fsspec_place import FsspecPlace

        return FsspecPlace(text)
    folder = Path(text).expanduser().absolute()
    if not folder.is_dir() and (folder.exists() or not create):
        raise StoreError("store.no_place", found=shown(folder))
    return LocalPlace(folder)
