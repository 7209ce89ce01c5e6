"""`items.jsonl`: lines are only added, each is on the disk before the frontier counts it."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tengjia.errors import DataError


class ItemsFile:
    """The output of a crawl.

    Args:
        path: The file.
        length: Bytes that count; what stands after them was written by a process that ended too early.

    Raises:
        DataError: The file is shorter than that: somebody else changed it.
    """

    def __init__(self, path: Path, length: int) -> None:
        self.path, self.length = path, length
        found = path.stat().st_size if path.is_file() else 0
        if found < length:
            raise DataError("crawling.items_shorter", file=path, found=found, wanted=length)
        self._file = open(path, "ab", buffering=0)  # noqa: SIM115  # open as long as the crawl
        if found > length:
            self._file.truncate(length)

    def add(self, item: Mapping[str, Any]) -> int:
        """Write one line down for good; gives the length of the file.

        Raises:
            OSError: The disk is full; `cut` then takes back what was written.
        """
        line = json.dumps(item, ensure_ascii=False).encode("utf-8") + b"\n"
        self._file.write(line)
        os.fsync(self._file.fileno())
        self.length += len(line)
        return self.length

    def cut(self, length: int) -> None:
        """Take back what was added after a length."""
        os.truncate(self.path, length)
        self.length = length

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()
