"""What client and server both must know: how errors travel."""

from __future__ import annotations

import json
from typing import Any, Final

from tengjia.errors import EnvironmentFault, StoreError, TengjiaError
from tengjia.messages import catalogue
from tengjia.utilities.suggestions import Suggestions

MOST_JSON: Final = 1 << 20
"""Bytes of a request that is not a file."""
MOST_EVENTS: Final = 500
STATUS: Final = {
    "store.unauthorized": 401,
    "store.forbidden": 403,
    "store.no_model": 404,
    "store.no_version": 404,
    "store.missing_object": 404,
    "store.no_route": 404,
    "store.moved_on": 409,
    "store.conflict": 409,
    "store.too_large": 413,
    "store.server_fault": 500,
}
"""Status of an error; 422 for all others."""
_INNER: Final = {"place", "file", "folder"}
"""Values that tell of the server's own folders."""


def encoded_error(error: TengjiaError) -> tuple[int, bytes]:
    """Status and body of an error, without anything of the server's inside."""
    if isinstance(error, EnvironmentFault) or error.code in {"store.damaged", "store.not_a_file", "store.bad_place"}:
        error = StoreError("store.server_fault")
    values = {key: value if isinstance(value, int | str) else str(value) for key, value in error.problem.values.items()}
    values |= {key: "" for key in _INNER & values.keys()}
    return STATUS.get(error.code, 422), json.dumps({"code": error.code, "values": values}).encode()


def decoded_error(status: int, body: bytes, url: str) -> StoreError:
    """The error that a server told; nothing it says is believed but known codes and plain values."""
    # Else it is not our server, or another version: told by the status alone.
    return _known_error(body, url) or StoreError("store.strange_answer", found=url, status=status)


def _known_error(body: bytes, url: str) -> StoreError | None:
    try:
        told: Any = json.loads(body[:MOST_JSON])
        code, values = told["code"], told["values"]
        if code not in catalogue("store") or not all(isinstance(value, int | str) for value in values.values()):
            return None
        safe: dict[str, Any] = {key: _printable(value) for key, value in values.items() if key in _ALLOWED}
        safe |= {"place": url} if "place" in values else {}
        safe |= {"nearest": Suggestions()} if "nearest" in values else {}
        error = StoreError(code, **safe)
        str(error)  # all its places are filled
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return error


_ALLOWED: Final = frozenset(
    {"found", "model", "version", "other", "alias", "limit", "allowed", "kind", "reason", "digest"}
)


def _printable(value: int | str) -> int | str:
    return value if isinstance(value, int) else "".join(c if c.isprintable() else "?" for c in value)[:500]
