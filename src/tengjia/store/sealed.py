"""JSON that tells when it was damaged: one line of JSON, one line with its SHA-256."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from tengjia.errors import StoreError

MOST_BYTES = 256 << 20


def seal(value: Any) -> bytes:
    """Plain values as bytes; equal values give equal bytes."""
    body = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()
    return body + b"\n" + hashlib.sha256(body).hexdigest().encode() + b"\n"


def unsealed(content: bytes, where: str) -> dict[str, Any]:
    """The object in sealed bytes.

    Raises:
        StoreError: The bytes are not what was written, or not an object.
    """
    body, _, rest = content.partition(b"\n")
    if rest != hashlib.sha256(body).hexdigest().encode() + b"\n":
        raise StoreError("store.damaged", found=where)
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        raise StoreError("store.damaged", found=where) from None
    if not isinstance(value, dict):
        raise StoreError("store.damaged", found=where)
    return value


def digest_of(content: bytes) -> str:
    """Hexadecimal SHA-256."""
    return hashlib.sha256(content).hexdigest()
