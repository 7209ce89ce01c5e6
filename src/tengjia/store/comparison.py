"""What differs between two versions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tengjia.store.manifest import File, Manifest


@dataclass(frozen=True)
class Difference:
    """From a first version to a second."""

    added: tuple[File, ...]
    removed: tuple[File, ...]
    changed: tuple[tuple[File, File], ...]
    """Same path, other content."""
    moved: tuple[tuple[File, File], ...]
    """Same content under another path."""
    same: int
    """Files that are equal."""
    lineage: Mapping[str, tuple[Any, Any]]
    """Dotted key to the two values."""

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed or self.moved or self.lineage)


def compare(first: Manifest, second: Manifest) -> Difference:
    """Compare two manifests; times of files do not count."""
    old, new = first.by_path, second.by_path
    both = [(old[path], new[path]) for path in old if path in new]
    gone = {path: file for path, file in old.items() if path not in new}
    come = {path: file for path, file in new.items() if path not in old}
    moved = []
    for path, file in list(come.items()):
        origin = next((other for other in gone.values() if other.sha256 == file.sha256), None)
        if origin is not None:
            moved.append((origin, file))
            del gone[origin.path], come[path]
    left, right = dict(_leaves(first.lineage)), dict(_leaves(second.lineage))
    keys = sorted(left.keys() | right.keys())
    return Difference(
        added=tuple(come.values()),
        removed=tuple(gone.values()),
        changed=tuple(pair for pair in both if pair[0].sha256 != pair[1].sha256),
        moved=tuple(moved),
        same=sum(one.sha256 == other.sha256 for one, other in both),
        lineage={key: (left.get(key), right.get(key)) for key in keys if left.get(key) != right.get(key)},
    )


def _leaves(values: Mapping[str, Any], prefix: str = "") -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for key, value in values.items():
        inner = _leaves(value, f"{prefix}{key}.") if isinstance(value, Mapping) else [(f"{prefix}{key}", value)]
        found += inner
    return found
