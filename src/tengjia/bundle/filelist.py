"""`filelist.txt`: what a folder holds, to the byte.

One line a file: its path relative to the folder, its size in bytes, its SHA-256. The list at the root of a bundle
covers every other file of it, so the digest of that one list is the identity of the whole bundle.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tengjia.errors import CheckpointError
from tengjia.utilities.files import sha256_of_file, write_text

FILELIST: Final = "filelist.txt"
MOST_FILES: Final = 1000
MOST_BYTES_OF_A_LIST: Final = 1 << 20
_DEEPEST: Final = 8

# One part of a path: nothing that a shell, a URL, or another system could read differently.
_PART: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}\Z")
_LINE: Final = re.compile(r"(?P<path>[^\s]{1,1000}) (?P<size>[0-9]{1,15}) (?P<sha256>[0-9a-f]{64})\Z")


@dataclass(frozen=True)
class Listed:
    """One line of a list."""

    size: int
    """Bytes."""

    sha256: str
    """Hexadecimal."""


def write_filelist(folder: Path) -> Path:
    """List every file under `folder` in its `filelist.txt`.

    Raises:
        CheckpointError: A file bears a name that a bundle cannot carry, or is a link.
    """
    lines = []
    for path, file in files_under(folder):
        if path != FILELIST:
            lines.append(f"{path} {file.stat().st_size} {sha256_of_file(file)}")
    write_text(folder / FILELIST, "".join(f"{line}\n" for line in sorted(lines)))
    return folder / FILELIST


def read_filelist(file: Path) -> dict[str, Listed]:
    """What a list says: path to size and digest.

    Raises:
        CheckpointError: The list is missing, too long, or a line makes no sense.
    """
    try:
        if file.stat(follow_symlinks=False).st_size > MOST_BYTES_OF_A_LIST:
            raise CheckpointError("bundle.too_large", file=file, limit=MOST_BYTES_OF_A_LIST)
        lines = file.read_text("utf-8").splitlines()
    except FileNotFoundError:
        raise CheckpointError("bundle.missing", file=file, found=FILELIST) from None
    except UnicodeDecodeError:
        raise CheckpointError("bundle.bad_list", file=file, line=1, found="not UTF-8") from None
    listed: dict[str, Listed] = {}
    seen: set[str] = set()
    for number, line in enumerate(lines, 1):
        match = _LINE.match(line)
        # Two names that differ in case only are one file on some systems.
        if match is None or not is_safe(match["path"]) or match["path"].lower() in seen:
            raise CheckpointError("bundle.bad_list", file=file, line=number, found=line[:200])
        seen.add(match["path"].lower())
        listed[match["path"]] = Listed(int(match["size"]), match["sha256"])
        if len(listed) > MOST_FILES:
            raise CheckpointError("bundle.too_many_files", file=file, limit=MOST_FILES)
    return listed


def verify_filelist(folder: Path) -> dict[str, Listed]:
    """Compare a folder with its list: the same files, sizes and digests, and nothing that is not a plain file.

    Returns:
        What the folder holds, the list itself left out.

    Raises:
        CheckpointError: Something is missing, unlisted, changed, a link, or a special file.
    """
    listed = read_filelist(folder / FILELIST)
    present = dict(files_under(folder))
    present.pop(FILELIST, None)
    for path in sorted(listed.keys() - present.keys()):
        raise CheckpointError("bundle.missing", file=folder / FILELIST, found=path)
    for path in sorted(present.keys() - listed.keys()):
        raise CheckpointError("bundle.unlisted", file=folder / path, found=path)
    for path, expected in listed.items():
        size = present[path].stat(follow_symlinks=False).st_size
        if size != expected.size:
            raise CheckpointError(
                "bundle.changed", file=folder / path, expected=f"{expected.size} bytes", found=f"{size} bytes"
            )
    for path, expected in listed.items():
        digest = sha256_of_file(present[path])
        if digest != expected.sha256:
            raise CheckpointError(
                "bundle.changed", file=folder / path, expected=expected.sha256[:16], found=digest[:16]
            )
    return listed


def files_under(folder: Path) -> Iterator[tuple[str, Path]]:
    """Every file under a folder with its relative path, in order of names; never through a link.

    Raises:
        CheckpointError: There is a link, a special file, an unsafe name, or too much of anything.
    """
    count = 0
    waiting = [("", folder)]
    while waiting:
        prefix, inner = waiting.pop()
        for entry in sorted(os.scandir(inner), key=lambda item: item.name, reverse=True):
            path = f"{prefix}{entry.name}"
            mode = entry.stat(follow_symlinks=False).st_mode
            if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
                raise CheckpointError("bundle.not_a_file", file=folder / path)
            if not is_safe(path):
                raise CheckpointError("bundle.bad_name", file=folder, found=path[:200])
            count += 1
            if count > MOST_FILES:
                raise CheckpointError("bundle.too_many_files", file=folder, limit=MOST_FILES)
            if stat.S_ISDIR(mode):
                waiting.append((f"{path}/", Path(entry.path)))
            else:
                yield path, Path(entry.path)


def is_safe(path: str) -> bool:
    """Whether a relative path stays inside its folder and reads the same everywhere."""
    parts = path.split("/")
    return len(parts) <= _DEEPEST and all(_PART.match(part) for part in parts)
