"""What a server does for a caller, and whether it may. Knows nothing of HTTP.

A caller who may not see a model is told that there is none. Contents are shared by all models of a store, so a digest
alone opens nothing: who wants to read names a manifest of a model that he may see, and who wants to refer to a content
has put it himself, or it is in that model already.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Final

from tengjia.errors import StoreError
from tengjia.store.gathering import BLOCK
from tengjia.store.ledger import Change
from tengjia.store.manifest import MOST_BYTES
from tengjia.store.names import check_digest, check_model, folded
from tengjia.store.opening import PlacedStore
from tengjia.store.raw_text import holds_raw_text
from tengjia.store.state import PUBLIC, Event, State
from tengjia.store.tokens import Token
from tengjia.utilities.suggestions import Suggestions

_SCOPE_OF: Final = {"push": "write", "tag": "write", "note": "write", "publish": "publish", "alias": "publish"}
"""Scope that an event needs; `remove` of a draft `publish`, and everything else `admin`."""
_KEYS: Final = {
    "push": {"version", "manifest", "size", "files", "raw_text", "raw_text_allowed", "base"},
    "publish": {"version"},
    "alias": {"alias", "version"},
    "tag": {"version", "tags"},
    "note": {"version", "note"},
    "remove": {"version", "even_published"},
    "visibility": {"visibility", "raw_text_allowed"},
    "quota": {"quota"},
}


@dataclass
class _Seen:
    """What a server knows of a model."""

    named: set[str] = field(default_factory=set)
    read: set[str] = field(default_factory=set)
    """Those of the named manifests whose files are among the contents."""
    contents: set[str] = field(default_factory=set)


class StoreService:
    """A store for callers from outside.

    Args:
        store: What is served.
        largest: Bytes that one content may have.
    """

    def __init__(self, store: PlacedStore, *, largest: int = 1 << 40) -> None:
        self.store = store
        self.largest = largest
        self._lock = threading.Lock()
        self._put: dict[tuple[str, str, str], float] = {}
        self._seen: dict[str, _Seen] = {}

    def models(self, caller: Token | None) -> list[str]:
        """Models that the caller may see."""
        return [name for name in self.store.models() if self._readable(caller, self.store.state(name))]

    def state(self, caller: Token | None, model: str) -> State:
        """A model that the caller may see; an empty one if he may make it."""
        state = self.store.ledger.state(check_model(model))
        if state.number == 0 and caller is not None and caller.allows("write", model):
            return state
        if state.number == 0 or not self._readable(caller, state):
            raise StoreError("store.no_model", found=model, place="", nearest=Suggestions())
        return state

    def events(self, caller: Token | None, model: str, start: int, count: int) -> list[Event]:
        """Events of a model from a number on."""
        last = min(self.state(caller, model).number, start + count - 1)
        return [self.store.placed_ledger.event(model, number) for number in range(max(start, 1), last + 1)]

    def append(self, caller: Token | None, model: str, request: Mapping[str, Any]) -> int:
        """Add an event that a caller made for the state after event `after`.

        Raises:
            StoreError: He may not; the state is another by now; or the rules forbid it.
        """
        change, identity, after = request.get("change"), request.get("id"), request.get("after")
        if not isinstance(change, dict) or not isinstance(identity, str) or not 8 <= len(identity) <= 64:
            raise StoreError("store.bad_event", found="request", model=model)
        kind = change.get("event")
        if kind not in _KEYS or set(change) - _KEYS[kind] - {"event"}:
            raise StoreError("store.bad_event", found="event", model=model)
        self.state(caller, model)
        token = self._allowed(caller, _scope_of(change), model)
        checked: Change = self._checked_push(token, model, change) if kind == "push" else dict(change)

        def build(state: State) -> Change:
            if state.number != after:
                raise StoreError("store.moved_on", model=model)
            return checked

        by = f"{token.note or 'token'} ({token.id})"
        return self.store.placed_ledger.append(model, build, by=by, id=identity).number

    def secured(self, caller: Token | None, model: str, digest: str, size: int) -> bool:
        """Whether a content is there for this caller, and stays for a while."""
        token = self._allowed(caller, "write", model)
        known = self._has_put(token, model, digest) or digest in self._digests(model)
        if not known or not self.store.writing(model).secured(check_digest(digest), size):
            return False
        self._note_put(token, model, digest)
        return True

    def put(self, caller: Token | None, model: str, digest: str, size: int, stream: BinaryIO) -> None:
        """Take in a content; it is there once its hash was checked."""
        token = self._allowed(caller, "write", model)
        if size > self.largest:
            raise StoreError("store.too_large", found=digest[:12], limit=self.largest)
        quota = self.store.ledger.state(model).quota
        if quota is not None and size > quota + MOST_BYTES:
            raise StoreError("store.quota", model=model, found=size, limit=quota)
        self.store.writing(model).put(check_digest(digest), lambda: _checked(stream, digest, size), size)
        self._note_put(token, model, digest)

    def open(self, caller: Token | None, model: str, digest: str, manifest: str) -> tuple[BinaryIO, int]:
        """A content of a version that the caller may see, and its size."""
        state = self.state(caller, model)
        if manifest not in self._named(state):
            raise StoreError("store.missing_object", found=check_digest(digest)[:12])
        if digest != manifest and digest not in self.store.read_manifest(model, manifest).digests:
            raise StoreError("store.missing_object", found=check_digest(digest)[:12])
        size = self.store.placed_objects.size(digest)
        if size is None:
            raise StoreError("store.missing_object", found=digest[:12])
        return self.store.objects.open(digest), size

    def _readable(self, caller: Token | None, state: State) -> bool:
        return state.visibility == PUBLIC or (caller is not None and caller.allows("read", state.model))

    def _allowed(self, caller: Token | None, scope: str, model: str) -> Token:
        if caller is None:
            raise StoreError("store.unauthorized")
        if not caller.allows(scope, check_model(model)):
            raise StoreError("store.forbidden", found=scope, model=model)
        return caller

    def _checked_push(self, token: Token, model: str, change: Mapping[str, Any]) -> Change:
        """A push whose manifest was read here: what it says of itself does not count."""
        digest = check_digest(change.get("manifest"))
        if not self._has_put(token, model, digest) and digest not in self._named(self.store.ledger.state(model)):
            raise StoreError("store.missing_object", found=digest[:12])
        manifest = self.store.read_manifest(model, digest)
        known = self._digests(model)
        for file in manifest.files:
            theirs = file.sha256 in known or self._has_put(token, model, file.sha256)
            if not theirs or not self.store.placed_objects.secured(file.sha256, file.size):
                raise StoreError("store.missing_object", found=file.sha256[:12])
        raw_text = holds_raw_text(manifest.by_path, lambda file: self.store.objects.read(file.sha256))
        if raw_text != manifest.raw_text:
            raise StoreError("store.bad_event", found="raw_text", model=model)
        return {**change, "size": manifest.size, "files": len(manifest.files), "raw_text": raw_text}

    def _named(self, state: State) -> set[str]:
        """Manifests that versions of a model have, or had since this server runs: a reader may be at it."""
        seen = self._seen.setdefault(folded(state.model), _Seen())
        seen.named |= {version.manifest for version in list(state.versions.values())}
        return seen.named

    def _digests(self, model: str) -> set[str]:
        """Contents of these manifests; each is read once."""
        state = self.store.ledger.state(model)
        seen = self._seen.setdefault(folded(model), _Seen())
        for digest in self._named(state) - seen.read:
            seen.contents |= self.store.read_manifest(state.model, digest).digests
            seen.read.add(digest)
        return seen.contents

    def _note_put(self, token: Token, model: str, digest: str) -> None:
        with self._lock:
            now = time.monotonic()
            self._put[token.id, folded(model), digest] = now
            if len(self._put) > 100_000:
                patience = self.store.placed_objects.patience
                self._put = {key: at for key, at in self._put.items() if now - at < patience}

    def _has_put(self, token: Token, model: str, digest: str) -> bool:
        at = self._put.get((token.id, folded(model), digest))
        return at is not None and time.monotonic() - at < self.store.placed_objects.patience


def _scope_of(change: Mapping[str, Any]) -> str:
    if change["event"] == "remove":
        return "admin" if change.get("even_published") else "publish"
    return _SCOPE_OF.get(change["event"], "admin")


def _checked(stream: BinaryIO, digest: str, size: int) -> Iterator[bytes]:
    hashed, left = hashlib.sha256(), size
    while left:
        block = stream.read(min(BLOCK, left))
        if not block:
            raise StoreError("store.upload_cut", found=digest[:12])
        hashed.update(block)
        left -= len(block)
        yield block
    if hashed.hexdigest() != digest:
        raise StoreError("store.upload_differs", found=digest[:12])
