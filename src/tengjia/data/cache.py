"""Entries that are complete or absent, found again by a fingerprint of their content.

    <cache_root>/<kind>/<fingerprint>/manifest.json     parts of the fingerprint, sizes and SHA-256 of the files
    <cache_root>/<kind>/<fingerprint>/...               the files
    <cache_root>/.locks/                                one maker an entry at a time, on all processes of a machine

An entry is filled under a temporary name, its manifest written last, and renamed. Every file is verified before use; a
damaged entry is told, removed and made anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from filelock import FileLock, Timeout

from tengjia.errors import DataError, EnvironmentFault
from tengjia.messages import text
from tengjia.utilities.files import (
    TEMPORARY_PREFIX,
    read_json,
    sha256_of_file,
    sync_folder,
    temporary_name,
    write_json,
)

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
LOCKS: Final = ".locks"
_log = logging.getLogger(__name__)


def fingerprint_of(parts: Mapping[str, Any]) -> str:
    """The name of an entry: a digest of what its content depends on.

    Args:
        parts: Nested mappings of plain values.
    """
    return _digest(parts)[:32]


@dataclass(frozen=True)
class Entry:
    """A complete entry."""

    path: Path
    """Its folder."""
    manifest: Mapping[str, Any]
    """The content of `manifest.json`."""

    @property
    def kind(self) -> str:
        """What sort of thing it is (`examples`, `encoded`)."""
        return self.path.parent.name

    @property
    def fingerprint(self) -> str:
        """Its name."""
        return self.path.name

    @property
    def parts(self) -> Mapping[str, Any]:
        """What the fingerprint is made of."""
        return dict(self.manifest["parts"])

    @property
    def facts(self) -> Mapping[str, Any]:
        """What its maker noted (counts, names)."""
        return dict(self.manifest["facts"])

    @property
    def reason(self) -> list[str]:
        """Why it had to be made: what differed from the most similar entry of that time."""
        return list(self.manifest["reason"])

    @property
    def size(self) -> int:
        """Bytes of all its files."""
        return sum(listed["size"] for listed in self.manifest["files"].values())

    @property
    def created(self) -> float:
        """When it was made (seconds since 1970)."""
        return float(self.manifest["created"])

    @property
    def used(self) -> float:
        """When it was last opened."""
        return (self.path / MANIFEST).stat().st_mtime

    def file(self, name: str) -> Path:
        """One of its files."""
        return self.path / name

    def damage(self) -> str:
        """What is wrong with its files, `""` when nothing is."""
        for name, listed in self.manifest["files"].items():
            file = self.path / name
            if not file.is_file() or file.stat().st_size != listed["size"]:
                return f"{name}: {file.stat().st_size if file.is_file() else 0} / {listed['size']} bytes"
            if sha256_of_file(file) != listed["sha256"]:
                return f"{name}: SHA-256"
        return ""


class Cache:
    """The entries below a folder.

    Args:
        root: `cache_root`.
        check: Called while waiting for another process; raises to stop.
    """

    def __init__(self, root: Path, *, check: Callable[[], None] = lambda: None) -> None:
        self.root = root
        self._check = check

    def obtain(
        self,
        kind: str,
        parts: Mapping[str, Any],
        fill: Callable[[Path], Mapping[str, Any]],
        *,
        force: bool = False,
    ) -> Entry:
        """The entry with this content, made if it is not there.

        Args:
            kind: What sort of thing it is.
            parts: What its content depends on.
            fill: Writes its files to a folder and gives facts to note.
            force: Make it anew even if it is there.

        Raises:
            EnvironmentFault: It cannot be written (disk full, ...); an old one stays as it is.
        """
        path = self.root / kind / fingerprint_of(parts)
        if not force and (entry := self._opened(path)) is not None:
            return entry
        with self._lock(path):
            if not force and (entry := self._opened(path)) is not None:
                return entry
            reason = self.explain(kind, parts)
            _log.info(text("cache.missed", kind=kind, reason=_listed(reason)).message)
            return self._made(path, parts, reason, fill)

    def entries(self) -> list[Entry]:
        """All complete entries, the most recently used first; their files are not verified."""
        found = (_read(file.parent) for file in self.root.glob(f"*/*/{MANIFEST}"))
        complete = [entry for entry in found if entry is not None and not entry.path.name.startswith(".")]
        return sorted(complete, key=lambda entry: -entry.used)

    def explain(self, kind: str, parts: Mapping[str, Any]) -> list[str]:
        """Why there is no entry with this content: what differs from the most similar one, in words."""
        same_kind = [entry for entry in self.entries() if entry.kind == kind]
        if fingerprint_of(parts) in {entry.fingerprint for entry in same_kind}:
            return [text("cache.forced").message]
        differences = [difference(entry.parts, parts) for entry in same_kind if _is_of_the_same(entry.parts, parts)]
        return min(differences, key=len, default=[text("cache.nothing_there").message])

    def collect(
        self, *, older_than: float | None = None, larger_than: int | None = None, dry_run: bool = False
    ) -> list[Entry]:
        """Remove entries.

        Args:
            older_than: Those not used for so many seconds.
            larger_than: The least recently used, until all together have at most so many bytes.
            dry_run: Remove nothing, only tell.

        Returns:
            What was removed, or would be.
        """
        now, total, removed = time.time(), 0, []
        for entry in self.entries():
            total += entry.size
            old = older_than is not None and now - entry.used > older_than
            if old or (larger_than is not None and total > larger_than):
                total -= entry.size
                removed.append(entry)
        if not dry_run:
            for entry in removed:
                self.remove(entry)
            for kind in self.root.glob("[!.]*/"):
                self._sweep(kind)
        return removed

    def remove(self, entry: Entry) -> None:
        """Remove an entry; it is gone at once, its files soon after."""
        hidden = temporary_name(entry.path)
        entry.path.rename(hidden)
        shutil.rmtree(hidden)

    def _opened(self, path: Path) -> Entry | None:
        """The entry if it is there and sound."""
        if not path.is_dir():
            return None
        entry = _read(path)
        damage = MANIFEST if entry is None else entry.damage()
        if entry is None or damage:
            _log.warning(text("cache.damaged", folder=path, reason=damage).message)
            return None
        with contextlib.suppress(OSError):  # a read-only cache may be used all the same
            os.utime(path / MANIFEST)
        return entry

    def _made(
        self, path: Path, parts: Mapping[str, Any], reason: list[str], fill: Callable[[Path], Mapping[str, Any]]
    ) -> Entry:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._sweep(path.parent)
            temporary = temporary_name(path)
            try:
                temporary.mkdir()
                facts = fill(temporary)
                _write_manifest(temporary, parts, reason, facts)
                _put(temporary, path)
            except BaseException:
                shutil.rmtree(temporary, ignore_errors=True)
                raise
        except OSError as error:
            raise EnvironmentFault("cache.cannot_write", file=path.parent, reason=str(error)) from error
        entry = _read(path)
        if entry is None:
            raise DataError("cache.vanished", file=path)
        return entry

    def _sweep(self, folder: Path) -> None:
        """Remove what killed writers left; a writer that lives holds the lock of its entry."""
        for litter in folder.glob(f"{TEMPORARY_PREFIX}*"):
            path = folder / litter.name.removeprefix(TEMPORARY_PREFIX).partition(".")[0]
            with contextlib.suppress(Timeout), self._file_lock(path).acquire(timeout=0):
                shutil.rmtree(litter, ignore_errors=True)

    def _file_lock(self, path: Path) -> FileLock:
        folder = self.root / LOCKS
        folder.mkdir(parents=True, exist_ok=True)
        return FileLock(folder / f"{path.parent.name}-{path.name}.lock", is_singleton=True)

    @contextlib.contextmanager
    def _lock(self, path: Path) -> Iterator[None]:
        """Keep other processes from making the same entry; the system frees the lock of a process that dies."""
        try:
            lock = self._file_lock(path)
        except OSError as error:
            raise EnvironmentFault("cache.cannot_write", file=self.root, reason=str(error)) from error
        told = False
        while not lock.is_locked:
            self._check()
            with contextlib.suppress(Timeout):
                lock.acquire(timeout=0.5)
                break
            if not told:
                _log.info(text("cache.waiting", folder=path).message)
                told = True
        try:
            yield
        finally:
            lock.release()


def difference(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """The leaves in which two nested mappings differ, as `key: old -> new`."""
    before, after = _leaves(old), _leaves(new)
    changed = [key for key in sorted({*before, *after}) if before.get(key) != after.get(key)]
    return [f"{key}: {_short(before.get(key))} -> {_short(after.get(key))}" for key in changed]


def _is_of_the_same(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether two parts were made by the same files of code: entries of other base tasks explain nothing."""
    return _leaves(old.get("code") or {}).keys() == _leaves(new.get("code") or {}).keys()


def _leaves(values: Any, prefix: str = "") -> dict[str, Any]:
    if not isinstance(values, Mapping):
        return {prefix: values}
    leaves: dict[str, Any] = {}
    for key, value in values.items():
        leaves |= _leaves(value, f"{prefix} / {key}" if prefix else str(key))
    return leaves


def _listed(reason: list[str], most: int = 6) -> str:
    more = [text("cache.more", count=len(reason) - most).message] if len(reason) > most else []
    return "; ".join([*reason[:most], *more])


def _short(value: Any) -> str:
    shown = "-" if value is None else str(value)
    digest = len(shown) == 64 and not set(shown) - set("0123456789abcdef")
    return shown[:8] if digest else shown if len(shown) <= 60 else f"{shown[:57]}..."


def _read(path: Path) -> Entry | None:
    """An entry whose manifest makes sense."""
    try:
        manifest = read_json(path / MANIFEST)
        told = manifest.pop("digest")
        sound = (
            told == _digest(manifest)
            and manifest["format"] == FORMAT
            and fingerprint_of(manifest["parts"]) == manifest["fingerprint"]
            and isinstance(manifest["facts"], dict)
            and isinstance(manifest["reason"], list)
            and isinstance(manifest["created"], int | float)
            and all(
                isinstance(listed["size"], int) and isinstance(listed["sha256"], str) and _inside(name)
                for name, listed in manifest["files"].items()
            )
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return Entry(path, manifest) if sound and manifest["fingerprint"] == path.name else None


def _digest(manifest: Mapping[str, Any]) -> str:
    """Stands for the content of a manifest, for a flipped bit may hit it as well."""
    content = json.dumps(manifest, ensure_ascii=True, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(content.encode("ascii")).hexdigest()


def _inside(name: str) -> bool:
    return not Path(name).is_absolute() and ".." not in Path(name).parts


def _write_manifest(folder: Path, parts: Mapping[str, Any], reason: list[str], facts: Mapping[str, Any]) -> None:
    files = {}
    for file in sorted(folder.rglob("*")):
        if file.is_dir():
            continue
        with open(file, "rb+") as handle:  # whoever wrote it: it is on the disk now
            os.fsync(handle.fileno())
        files[file.relative_to(folder).as_posix()] = {"size": file.stat().st_size, "sha256": sha256_of_file(file)}
    for inner in [*(place for place in folder.rglob("*") if place.is_dir()), folder]:
        sync_folder(inner)
    content = {
        "format": FORMAT,
        "fingerprint": fingerprint_of(parts),
        "created": round(time.time(), 3),
        "parts": parts,
        "files": files,
        "facts": facts,
        "reason": reason,
    }
    # As it will be read back: JSON knows no tuples.
    content = json.loads(json.dumps(content, allow_nan=False))
    write_json(folder / MANIFEST, {**content, "digest": _digest(content)})


def _put(temporary: Path, path: Path) -> None:
    """Give a complete folder its name; a former one steps aside first."""
    former = None
    if path.exists():
        former = temporary_name(path)
        path.rename(former)
    os.rename(temporary, path)  # noqa: PTH104  # the name that fault injection patches
    sync_folder(path.parent)
    if former is not None:
        shutil.rmtree(former, ignore_errors=True)
