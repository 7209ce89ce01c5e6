"""The last file of a checkpoint, which vouches for the others: sizes and SHA-256 of each, and of itself."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

from tengjia.errors import CheckpointError

NAME: Final = "manifest.json"
FORMAT: Final = 1
LARGEST_MANIFEST: Final = 1 << 20
"""Bytes; no manifest of ours comes near it."""


def encode(files: Mapping[str, bytes | memoryview]) -> bytes:
    """The content of the manifest for these files.

    They are hashed side by side: where training computes on every core it waits as long as one of them is taken away,
    so the shorter the better.
    """
    names = sorted(files)
    with ThreadPoolExecutor(thread_name_prefix="hashing") as threads:
        hashes = threads.map(lambda name: hashlib.sha256(files[name]).hexdigest(), names)
        table = {name: {"size": len(files[name]), "sha256": found} for name, found in zip(names, hashes)}
    return _bytes({"format": FORMAT, "files": table})


def _bytes(body: Mapping[str, Any]) -> bytes:
    text = json.dumps(body, sort_keys=True)
    return json.dumps({"body": body, "sha256": hashlib.sha256(text.encode()).hexdigest()}, sort_keys=True).encode()


def read_verified(folder: Path) -> dict[str, bytes]:
    """Every file of a checkpoint, read once; what is given is what was verified.

    Raises:
        CheckpointError: A file is missing, longer, shorter or other than it was written.
    """
    files = {}
    for name, expected in _table(folder).items():
        path = folder / name
        try:
            if path.is_symlink() or path.stat().st_size != expected["size"]:
                raise CheckpointError("checkpoint.damaged", file=path, reason="size")
            content = path.read_bytes()
        except OSError as error:
            raise CheckpointError("checkpoint.damaged", file=path, reason=error.strerror) from None
        if hashlib.sha256(content).hexdigest() != expected["sha256"]:
            raise CheckpointError("checkpoint.damaged", file=path, reason="SHA-256")
        files[name] = content
    return files


def _table(folder: Path) -> dict[str, dict[str, Any]]:
    """The list of files, once the manifest has been found exactly as it was written."""
    path = folder / NAME
    try:
        if path.is_symlink() or path.stat().st_size > LARGEST_MANIFEST:
            raise CheckpointError("checkpoint.damaged", file=path, reason="size")
        content = path.read_bytes()
        body = json.loads(content)["body"]
        if _bytes(body) != content:
            raise CheckpointError("checkpoint.damaged", file=path, reason="SHA-256")
        if body["format"] != FORMAT:
            raise CheckpointError("checkpoint.unknown_format", file=path, found=body["format"], allowed=FORMAT)
        table: dict[str, dict[str, Any]] = body["files"]
        if any(not isinstance(name, str) or Path(name).name != name for name in table):
            raise CheckpointError("checkpoint.damaged", file=path, reason="file names")
    except OSError as error:
        raise CheckpointError("checkpoint.damaged", file=path, reason=error.strerror) from None
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raise CheckpointError("checkpoint.damaged", file=path, reason="JSON") from None
    return table
