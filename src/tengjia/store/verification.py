"""verify: every event follows from the one before, every version is whole, every byte is what its name says."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from tengjia.errors import StoreError
from tengjia.store.faults import told
from tengjia.store.gathering import BLOCK, Report
from tengjia.store.progress import progress
from tengjia.store.state import State

if TYPE_CHECKING:
    from tengjia.store.opening import PlacedStore


@dataclass
class Verified:
    """What was looked at, and what is wrong."""

    models: int = 0
    versions: int = 0
    objects: int = 0
    size: int = 0
    """Bytes that were read."""
    problems: list[StoreError] = field(default_factory=list)


def verify(store: PlacedStore, model: str | None = None, *, quick: bool = False) -> Verified:
    """Look at a model, or at all.

    Args:
        store: What to verify.
        model: Its name; `None`: all.
        quick: Look at names and sizes only, and read no object.
    """
    result = Verified()
    wanted: dict[str, int] = {}
    with told(store.url):
        for name in _names(store, result) if model is None else [store.state(model).model]:
            result.models += 1
            wanted |= dict(_of_model(store, name, result))
        result.objects = len(wanted)
        with progress(sum(wanted.values()), "verify") as report, ThreadPoolExecutor(max_workers=2) as pool:
            jobs = [pool.submit(_object, store, digest, size, quick, report) for digest, size in sorted(wanted.items())]
            for job in jobs:
                size, problem = job.result()
                result.size += size
                if problem is not None:
                    result.problems.append(problem)
    return result


def _names(store: PlacedStore, result: Verified) -> Iterator[str]:
    for key in store.placed_ledger.folders():
        try:
            if name := store.placed_ledger.name(key):
                yield name
        except StoreError as error:
            result.problems.append(error)


def _of_model(store: PlacedStore, model: str, result: Verified) -> Iterator[tuple[str, int]]:
    """Objects that the versions of a model need, with their sizes; what is wrong with its log is noted."""
    try:
        state = _replayed(store, model)
    except StoreError as error:
        result.problems.append(error)
        return
    for version in state.versions.values():
        result.versions += 1
        try:
            manifest = store.read_manifest(model, version.manifest)
        except StoreError as error:
            result.problems.append(error)
            continue
        if (manifest.size, len(manifest.files), manifest.raw_text) != (version.size, version.files, version.raw_text):
            result.problems.append(StoreError("store.damaged", found=f"{model} {version.name}"))
        yield from ((file.sha256, file.size) for file in manifest.files)


def _replayed(store: PlacedStore, model: str) -> State:
    """The state that follows from the events alone; it must be the one that snapshots give."""
    now, state = store.placed_ledger.complete_state(model), State(model)
    for event, digest in islice(store.placed_ledger.events(model), now.number):
        state.apply(event)
        state.head = digest
    if state != now:
        raise StoreError("store.damaged", found=f"models/{model.lower()}/snapshots")
    return state


def _object(store: PlacedStore, digest: str, size: int, quick: bool, report: Report) -> tuple[int, StoreError | None]:
    found = store.placed_objects.size(digest)
    if found is None:
        return 0, StoreError("store.missing_object", found=digest[:12])
    if found != size:
        return 0, StoreError("store.damaged", found=f"object {digest[:12]}")
    if quick:
        return 0, None
    hashed = hashlib.sha256()  # the one that names it: this is the place to be thorough
    with store.objects.open(digest) as file:
        while block := file.read(BLOCK):
            hashed.update(block)
            report(len(block))
    same = hashed.hexdigest() == digest
    return size, None if same else StoreError("store.damaged", found=f"object {digest[:12]}")
