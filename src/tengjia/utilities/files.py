"""Files that are either whole or not there.

Every lasting file of the house is written through this module: under a temporary name, flushed, fsynced, renamed,
and its folder fsynced, in that order (see SQLite, "How To Corrupt An SQLite Database File", section 3).
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

TEMPORARY_PREFIX = ".tengjia-"
"""Start of the name of every unfinished file or folder; what bears it may be removed once its writer is gone."""


def temporary_name(path: Path) -> Path:
    """A sibling of `path` to write to before the rename."""
    return path.with_name(f"{TEMPORARY_PREFIX}{path.name[:80]}.{os.getpid()}.{secrets.token_hex(4)}")


def sync_folder(folder: Path) -> None:
    """Make renames inside `folder` durable. A system without folder handles (Windows) has no such call."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextlib.contextmanager
def written_atomically(path: Path, mode: str = "wb", *, encoding: str | None = None) -> Iterator[IO[Any]]:
    """Open a temporary sibling of `path` for writing; on success it takes the place of `path`, else it vanishes.

    Args:
        path: The file to create or replace; its folder is created.
        mode: `"wb"` or `"w"`.
        encoding: Text encoding, UTF-8 when `mode` is textual and nothing is said.

    Raises:
        OSError: The disk is full, the folder is read-only and so on; an old `path` is then untouched.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = temporary_name(path)
    textual = "b" not in mode
    try:
        with open(
            temporary,
            mode,
            encoding=(encoding or "utf-8") if textual else None,
            newline="\n" if textual else None,
        ) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
        sync_folder(path.parent)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            temporary.unlink()
        raise


def write_bytes(path: Path, content: bytes) -> None:
    """Write `content` to `path`, wholly or not at all."""
    with written_atomically(path) as file:
        file.write(content)


def write_text(path: Path, content: str) -> None:
    """Write UTF-8 `content` to `path`, wholly or not at all."""
    write_bytes(path, content.encode("utf-8"))


def write_json(path: Path, content: Any) -> None:
    """Write `content` as readable JSON (UTF-8, no NaN), wholly or not at all."""
    write_text(path, json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False) + "\n")


def read_json(path: Path) -> Any:
    """The content of a JSON file."""
    return json.loads(path.read_text("utf-8"))


def sha256_of_file(path: Path) -> str:
    """Hexadecimal SHA-256 of a file, read in blocks."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
