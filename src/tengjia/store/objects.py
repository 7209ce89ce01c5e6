"""Contents under their SHA-256, each once, whatever versions, models, and writers share it.

    objects/ab/<sha256>
    trash/<milliseconds>-<random>/<sha256>    what gc took out and nobody missed yet

An object is *secured* by a writer before it relies on it: made young by the clock of the place. gc takes away only what
is unreachable and older than the grace, so what was secured stays for long enough to be pushed (see `collecting`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import BinaryIO, Final, Protocol

from tengjia.errors import StoreError
from tengjia.store.names import check_digest
from tengjia.store.place import Place
from tengjia.store.sealed import MOST_BYTES, digest_of

TRASH: Final = "trash"


class Objects(Protocol):
    """What a store asks of its contents."""

    def secured(self, digest: str, size: int) -> bool:
        """Whether an object is there, and stays until it is referred to; `False`: put it."""

    def put(self, digest: str, blocks: Callable[[], Iterable[bytes]], size: int) -> None:
        """Write an object; the blocks are asked for once for each attempt."""

    def read(self, digest: str) -> bytes:
        """A small object, verified."""

    def open(self, digest: str, start: int = 0) -> BinaryIO:
        """A large object from byte `start` on; the reader verifies."""

    def path(self, digest: str) -> Path | None:
        """The object as a file of this machine, if it is one."""

    @property
    def patience(self) -> float:
        """Seconds for which what was secured surely stays."""


class PlaceObjects:
    """Objects in a place.

    Args:
        place: Where they lie.
        grace: Seconds for which gc leaves young objects alone.
    """

    def __init__(self, place: Place, grace: Callable[[], float]) -> None:
        self._place = place
        self._grace = grace
        self._clock: tuple[float, float] | None = None

    @property
    def patience(self) -> float:
        """Half of the grace."""
        return self._grace() / 2

    def secured(self, digest: str, size: int) -> bool:
        """Whether an object is there and young, or could be made so."""
        key = object_key(check_digest(digest))
        entry = self._place.stat(key)
        if entry is None:
            return self._restored(digest) and self.secured(digest, size)
        if entry.size != size:  # only a sick disk does that: write it again
            return False
        young = self.now() - entry.modified < self._grace() / 4
        return young or self._place.touch(key)

    def put(self, digest: str, blocks: Callable[[], Iterable[bytes]], size: int) -> None:
        """Write an object; its content is the caller's to verify while it is read."""
        self._place.put(object_key(check_digest(digest)), blocks())

    def read(self, digest: str) -> bytes:
        """A small object.

        Raises:
            StoreError: It is missing, too large, or not what its name says.
        """
        with self.open(digest) as file:
            content = file.read(MOST_BYTES)
        if digest_of(content) != digest:
            raise StoreError("store.damaged", found=f"object {digest[:12]}")
        return content

    def open(self, digest: str, start: int = 0) -> BinaryIO:
        """An object, be it in the trash.

        Raises:
            StoreError: It is missing.
        """
        for key in self._keys(digest):
            try:
                return self._place.open(key, start)
            except FileNotFoundError:
                continue
        raise StoreError("store.missing_object", found=digest[:12])

    def path(self, digest: str) -> Path | None:
        """The file, if it is one."""
        path = self._place.path(object_key(digest))
        return path if path is not None and path.is_file() else None

    def size(self, digest: str) -> int | None:
        """Bytes of an object; `None` if it is missing."""
        found = (self._place.stat(key) for key in self._keys(digest))
        return next((entry.size for entry in found if entry is not None), None)

    def _keys(self, digest: str) -> Iterable[str]:
        """Where an object may be: in its place, in the trash, or just on the way back."""
        key = object_key(check_digest(digest))
        yield key
        for batch in self._place.folders(TRASH):
            yield f"{TRASH}/{batch}/{digest}"
        yield key

    def _restored(self, digest: str) -> bool:
        key = object_key(digest)
        return any(self._place.move(f"{TRASH}/{batch}/{digest}", key) for batch in self._place.folders(TRASH))

    def now(self) -> float:
        """The clock of the place, asked once a minute; in between this machine's counts the seconds only."""
        here = time.monotonic()
        if self._clock is None or here - self._clock[0] > min(60.0, self._grace() / 8):
            self._clock = (here, self._place.now())
        return self._clock[1] + here - self._clock[0]


def object_key(digest: str) -> str:
    """Where an object lies."""
    return f"objects/{digest[:2]}/{digest}"
