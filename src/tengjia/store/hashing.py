"""Hashes of contents: SHA-256 names them; BLAKE3, where it is installed, verifies them several times faster."""

from __future__ import annotations

import hashlib
import importlib
from functools import cache
from typing import Any, NamedTuple, Protocol, cast


class Hash(Protocol):
    """Takes in bytes."""

    def update(self, data: Any, /) -> object:
        """Take in some."""

    def hexdigest(self) -> str:
        """The hash of all that came."""


class Digests(NamedTuple):
    """Both hashes of a content."""

    sha256: str
    blake3: str
    """Empty where the package is not installed."""


def new_blake3() -> Hash | None:
    """A fresh BLAKE3; `None` where the package is not installed."""
    module = _blake3()
    return None if module is None else cast(Hash, module.blake3())


def verifying(sha256: str, blake3: str) -> tuple[Hash, str]:
    """The quickest hash that can tell whether a content is right, and what it must give."""
    quick = new_blake3() if blake3 else None
    return (quick, blake3) if quick is not None else (hashlib.sha256(), sha256)


@cache
def _blake3() -> Any:
    try:
        return importlib.import_module("blake3")
    except ImportError:
        return None
