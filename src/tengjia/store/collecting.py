"""gc: takes away what nothing refers to, beside any number of writers and readers, and without a lock.

1. Mark: every manifest that a version has, or had until less than the grace ago, and every file of these.
2. Sweep: what is not marked and older than the grace goes to the trash. It is looked at again *there*: a writer that
   secured it in between made it young, and it goes back.
3. What has lain in the trash for the grace is deleted, unless it is marked by now: then it goes back, too.

Writers secure what they rely on, commit within half of the grace, and look again afterwards (`Store.push`); readers
and writers find an object in the trash as well. All ages are differences of times that the place itself stamped, so the
clocks of machines do not matter. On a bucket, which has no rename, `move` is a copy and a delete; a reader that looks
between the two finds both.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from tengjia.errors import StoreError
from tengjia.messages import text
from tengjia.store.faults import told
from tengjia.store.local_place import TEMPORARY
from tengjia.store.objects import TRASH, object_key
from tengjia.store.place import Entry

if TYPE_CHECKING:
    from tengjia.store.opening import PlacedStore

logger = logging.getLogger(__name__)
_BACK: Final = 0.5
"""A batch of trash takes in objects for this part of the grace; then a new one is begun."""


@dataclass
class Collected:
    """What a gc did, or would do."""

    kept: int = 0
    """Objects that something refers to."""
    young: int = 0
    """Objects that nothing refers to, but that are too young to judge."""
    trashed: dict[str, int] = field(default_factory=dict)
    """Digest and bytes of what went to the trash."""
    restored: dict[str, int] = field(default_factory=dict)
    """What came back from the trash."""
    freed: dict[str, int] = field(default_factory=dict)
    """What was deleted: trash, and unfinished files of dead writers."""


def collect(store: PlacedStore, *, dry_run: bool = False) -> Collected:
    """Take garbage away.

    Args:
        store: What to sweep.
        dry_run: Only tell.

    Raises:
        StoreError: A log or a manifest cannot be read: then nothing is certain to be garbage, and nothing is touched.
    """
    result = Collected()
    if store.settings() is None:
        return result
    with told(store.url):
        now = store.place.now()
        marked = reachable(store, now)
        _empty_trash(store, marked, now, result, dry_run)
        batch = f"{TRASH}/{int(now * 1000)}-{secrets.token_hex(4)}"
        for entry in list(store.place.entries("objects")):
            digest = entry.key.rpartition("/")[2]
            if digest in marked:
                result.kept += 1
            elif now - entry.modified <= store.grace():
                result.young += 1
            elif dry_run or _trashed(store, entry, batch):
                result.trashed[digest] = entry.size
        _remove_unfinished(store, now, result, dry_run)
    return result


def reachable(store: PlacedStore, now: float) -> set[str]:
    """Digests of all that a version has, or had until less than the grace before `now`."""
    found: set[str] = set()
    for model in store.ledger.models():
        for digest in set(_manifests(store, model, now)):
            found.add(digest)
            found |= store.read_manifest(model, digest).digests
    return found


def _manifests(store: PlacedStore, model: str, now: float) -> Iterator[str]:
    ledger, objects = store.placed_ledger, store.placed_objects
    state = ledger.complete_state(model)
    yield from (version.manifest for version in state.versions.values())
    for number in range(state.number, 0, -1):
        if now - ledger.event_time(model, number) > store.grace():
            return
        event = ledger.event(model, number)
        for key in ("manifest", "replaced"):
            digest = event.get(key)
            # What was replaced long before its follower was written may be gone already.
            if isinstance(digest, str) and digest and objects.size(digest) is not None:
                yield digest


def _trashed(store: PlacedStore, entry: Entry, batch: str) -> bool:
    """Put an object into the trash; look at it there, and put it back if someone wanted it meanwhile."""
    digest = entry.key.rpartition("/")[2]
    before = store.place.stat(entry.key)
    now = store.placed_objects.now()
    if before is None or now - before.modified <= store.grace() or _age(batch, now) > store.grace() * _BACK:
        return False
    if not store.place.move(entry.key, f"{batch}/{digest}"):
        return False
    after = store.place.stat(f"{batch}/{digest}")
    if after is not None and after.modified > before.modified and store.place.keeps_times:
        store.place.move(f"{batch}/{digest}", entry.key)
        return False
    return True


def _empty_trash(store: PlacedStore, marked: set[str], now: float, result: Collected, dry_run: bool) -> None:
    for entry in list(store.place.entries(TRASH)):
        _, batch, digest = entry.key.split("/")
        if digest in marked:
            logger.warning(text("store.restored", digest=digest[:12]).message)
            result.restored[digest] = entry.size
            if not dry_run:
                store.place.move(entry.key, object_key(digest))
        elif _age(f"{TRASH}/{batch}", now) > store.grace():
            result.freed[digest] = entry.size
            if not dry_run:
                store.place.delete(entry.key)


def _age(batch: str, now: float) -> float:
    """Seconds since a batch was begun: its name tells."""
    begun = batch.rpartition("/")[2].partition("-")[0]
    if not begun.isascii() or not begun.isdigit():
        raise StoreError("store.strange_key", found=batch)
    return now - int(begun) / 1000


def _remove_unfinished(store: PlacedStore, now: float, result: Collected, dry_run: bool) -> None:
    for entry in list(store.place.entries(TEMPORARY)):
        if now - entry.modified > store.grace():
            result.freed[entry.key] = entry.size
            if not dry_run:
                store.place.delete(entry.key)
