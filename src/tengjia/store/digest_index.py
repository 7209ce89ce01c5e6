"""Digests of files that were hashed before, so that an unchanged model of gigabytes is known in milliseconds.

An entry is believed only if the file has the same place, size, times and inode. A change within one tick of the clock
that stamps files would go unseen ("racy git"), so hashing begins a tick after the times were read; a file whose times
are whole seconds stands on a coarse clock and is never remembered. It lies in the user's own cache folder.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import random
import time
from pathlib import Path
from typing import Final

from tengjia.errors import StoreError
from tengjia.store.hashing import Digests
from tengjia.store.sealed import seal, unsealed
from tengjia.utilities.files import write_bytes

SMALLEST: Final = 1 << 20
"""Smaller files are hashed sooner than looked up."""
TICK: Final = 0.02
"""Seconds; kernels stamp files by a clock of at most 10 ms."""
_MOST_ENTRIES: Final = 4096


def cache_folder() -> Path:
    """The user's own folder for what can be made again."""
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA") or Path.home() / ".cache"
    return Path(base) / "tengjia" / "store"


def identity(found: os.stat_result) -> list[int]:
    """What changes when a file does."""
    return [found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns]


class DigestIndex:
    """Remembered digests.

    Args:
        folder: Where they lie.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = (folder or cache_folder()) / "digests"

    def find(self, file: Path, found: os.stat_result) -> Digests | None:
        """The digests of a file that looks exactly as it did when it was hashed."""
        if found.st_size < SMALLEST:
            return None
        entry = self._entry(file)
        try:
            value = unsealed(entry.read_bytes(), str(entry))
        except (OSError, StoreError):
            return None
        known = value.get("file") == str(file) and value.get("identity") == identity(found)
        digests = Digests(value.get("sha256", ""), value.get("blake3"))  # type: ignore[arg-type]  # looked at below
        return digests if known and all(isinstance(digest, str) for digest in digests) else None

    def remember(self, file: Path, found: os.stat_result, digests: Digests) -> None:
        """Keep digests; `found` was read at least a tick before the hashing began, and again after it.

        A cache that cannot be written is no reason to fail: the file is hashed again next time.
        """
        coarse = found.st_mtime_ns % 10**9 == 0 and found.st_ctime_ns % 10**9 == 0
        if found.st_size < SMALLEST or coarse:
            return
        with contextlib.suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            if random.random() < 0.01:
                self._prune()
            entry = {"file": str(file), "identity": identity(found), **digests._asdict()}
            write_bytes(self._entry(file), seal(entry))

    def _entry(self, file: Path) -> Path:
        return self.folder / hashlib.sha256(str(file).encode("utf-8", "surrogateescape")).hexdigest()

    def _prune(self) -> None:
        entries = sorted(self.folder.iterdir(), key=lambda entry: entry.stat().st_mtime)
        for entry in entries[: -_MOST_ENTRIES // 2] if len(entries) > _MOST_ENTRIES else []:
            entry.unlink(missing_ok=True)


def wait_a_tick() -> None:
    """Let the clock of files move on."""
    time.sleep(TICK)
