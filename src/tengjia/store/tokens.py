"""Tokens: who may do what through a server. A store keeps their SHA-256 only; the secret is shown once, when made.

tengjia store token add --scope write --model 'ner*' --days 90
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

from tengjia.errors import StoreError
from tengjia.store.faults import told
from tengjia.store.names import check_note, shown
from tengjia.store.sealed import seal, unsealed

if TYPE_CHECKING:
    from tengjia.store.opening import PlacedStore

SCOPES: Final = ("read", "write", "publish", "admin")
"""Each may do what those before it may: see and pull; push, tag, note; publish, alias, remove; everything."""
_SECRET: Final = re.compile(r"tj_([0-9a-f]{16})_([0-9a-f]{64})\Z")
_PATTERN: Final = re.compile(r"[A-Za-z0-9_.*?-]{1,100}\Z")


@dataclass(frozen=True)
class Token:
    """What is kept of a token."""

    id: str
    sha256: str
    scope: str
    models: tuple[str, ...]
    """Patterns of the models that it is for."""
    expires: str
    """Time in UTC (ISO 8601) by the clock of the server; empty: never."""
    note: str = ""

    def allows(self, scope: str, model: str) -> bool:
        """Whether it may do this with that model."""
        enough = SCOPES.index(self.scope) >= SCOPES.index(scope)
        return enough and any(fnmatchcase(model.lower(), pattern.lower()) for pattern in self.models)

    @property
    def expired(self) -> bool:
        """Whether its time is over."""
        return bool(self.expires) and datetime.now(UTC) >= datetime.fromisoformat(self.expires)


def add_token(
    store: PlacedStore, scope: str, *, models: Iterable[str] = ("*",), days: float | None = None, note: str = ""
) -> tuple[Token, str]:
    """Make a token.

    Args:
        store: What it opens.
        scope: One of `SCOPES`.
        models: Patterns (`ner*`) of the models that it is for.
        days: For how long; `None`: until it is removed.
        note: Whose it is.

    Returns:
        What is kept of it, and the secret, which is kept nowhere.

    Raises:
        StoreError: There is no such scope, or a pattern or the note cannot be one.
    """
    patterns = tuple(models)
    if scope not in SCOPES:
        raise StoreError("store.bad_scope", found=shown(scope), allowed=", ".join(SCOPES))
    if not patterns or not all(map(_PATTERN.match, patterns)):
        raise StoreError("store.bad_pattern", found=shown(" ".join(patterns)))
    expires = "" if days is None else (datetime.now(UTC) + timedelta(days=days)).isoformat(timespec="seconds")
    identity, key = secrets.token_hex(8), secrets.token_hex(32)
    token = Token(identity, hashlib.sha256(key.encode()).hexdigest(), scope, patterns, expires, check_note(note)[:100])
    with told(store.url):
        store.prepare()
        store.place.create(_key(identity), seal({**vars(token), "models": list(patterns)}))
    return token, f"tj_{identity}_{key}"


def tokens(store: PlacedStore) -> list[Token]:
    """All tokens."""
    with told(store.url):
        names = (entry.key.rpartition("/")[2].removesuffix(".json") for entry in store.place.entries("tokens"))
        return [token for name in sorted(names) if (token := _read(store, name)) is not None]


def remove_token(store: PlacedStore, identity: str) -> None:
    """Take a token away; it opens nothing from now on.

    Raises:
        StoreError: There is none of that id.
    """
    if not re.fullmatch(r"[0-9a-f]{16}", identity) or not store.place.delete(_key(identity)):
        raise StoreError("store.no_token", found=shown(identity))


def token_of(store: PlacedStore, secret: str) -> Token | None:
    """The token that a secret opens; `None`: none that is valid."""
    match = _SECRET.match(secret)
    token = _read(store, match[1]) if match else None
    digest = hashlib.sha256((match[2] if match else "").encode()).hexdigest()
    if token is None or not hmac.compare_digest(token.sha256, digest) or token.expired:
        return None
    return token


def _read(store: PlacedStore, identity: str) -> Token | None:
    try:
        value = unsealed(store.place.read(_key(identity)), _key(identity))
    except FileNotFoundError:
        return None
    return Token(**{**value, "models": tuple(value["models"])})


def _key(identity: str) -> str:
    return f"tokens/{identity}.json"
