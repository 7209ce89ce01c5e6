"""One push: contents first, the event that names them last.

hash the files -> put what is missing -> look whether a file changed meanwhile -> make the manifest -> append the event
-> look again whether all is there

A writer that dies before the event leaves objects that nobody refers to; gc takes them after the grace.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from tengjia.errors import StoreError
from tengjia.store.gathering import Source, check_unchanged, digests_of
from tengjia.store.ledger import Change
from tengjia.store.manifest import File, Manifest, make_manifest
from tengjia.store.names import check_model, check_version, folded
from tengjia.store.progress import progress
from tengjia.store.raw_text import holds_raw_text
from tengjia.store.state import State, Version

if TYPE_CHECKING:
    from tengjia.store.store import Store

Build = Callable[[State], tuple[Manifest, int | None]]
"""For a state of the model, what the version shall be, and the revision it replaces (`None`: whichever)."""


class Push:
    """A push on its way.

    Args:
        store: Where it goes.
        model: Name of the model.
        version: Name of the version.
        raw_text: Whether texts of a corpus may go to a public model.

    Raises:
        StoreError: A name is not allowed, or the version is published: told before gigabytes are hashed.
    """

    def __init__(self, store: Store, model: str, version: str, *, raw_text: bool) -> None:
        self._store = store
        self._model = check_model(model)
        self._version = check_version(version)
        self._raw_text_allowed = raw_text
        self._objects = store.writing(model)
        self._sources: dict[str, Source] = {}
        self._secured: set[str] = set()
        self._fresh_until = 0.0
        found = store.ledger.state(model).versions.get(folded(version))
        if found is not None and found.published:
            raise StoreError("store.published", found=found.name, model=model)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._sources.clear()

    def upload(self, sources: list[Source]) -> list[File]:
        """Put contents into the store.

        Returns:
            The lines of a manifest.

        Raises:
            StoreError: A file changed meanwhile.
        """
        total = sum(source.found.st_size for source in sources)
        with progress(total, f"{self._model}: hash") as report:
            digests = digests_of(sources, self._store.index, report)
        files = [source.as_file(both) for source, both in zip(sources, digests)]
        self._sources |= {both.sha256: source for source, both in zip(sources, digests)}
        self._fresh_until = time.monotonic() + self._objects.patience / 2
        self._secure(files)
        check_unchanged(sources)
        return files

    def manifest(self, files: Iterable[File], lineage: Mapping[str, Any], former: Manifest | None = None) -> Manifest:
        """A manifest that tells whether raw text is inside.

        Args:
            files: Its lines.
            lineage: Where it comes from.
            former: Where files come from that are not pushed now.
        """
        lines = list(files)
        known = self._objects if former is None else self._store.reading(self._model, former.digest)

        def content(file: File) -> bytes:
            source = self._sources.get(file.sha256)
            if source is None:
                return known.read(file.sha256)
            return b"".join(source.blocks(file.sha256, lambda count: None))

        paths = make_manifest(lines, lineage, raw_text=False).by_path
        return make_manifest(lines, lineage, raw_text=holds_raw_text(paths, content))

    def commit(self, build: Build) -> Version:
        """Append the event, made anew whenever another writer was first.

        What it relies on was secured shortly before. It is looked for once more afterwards: a gc that was about to
        sweep an old object when this push came back to it is found out now at the latest.
        """
        made: list[Manifest] = []

        def change(state: State) -> Change | None:
            manifest, base = build(state)
            made[:] = [manifest]
            former = state.versions.get(folded(self._version))
            if former is not None and self._is_already(former, manifest, base):
                made[:] = [self._store.read_manifest(self._model, former.manifest)]
                return None
            self._secure_manifest(manifest)
            if not manifest.digests <= self._secured or time.monotonic() > self._fresh_until:
                self._secure(manifest.files)
            return {
                "event": "push",
                "version": self._version,
                "manifest": manifest.digest,
                "size": manifest.size,
                "files": len(manifest.files),
                "raw_text": manifest.raw_text,
                "raw_text_allowed": self._raw_text_allowed,
                "base": base,
            }

        state = self._store.ledger.append(self._model, change)
        self._secure_manifest(made[0])
        self._secure(made[0].files)
        return state.version(self._version)

    def _is_already(self, former: Version, manifest: Manifest, base: int | None) -> bool:
        if former.name != self._version or base not in {None, former.revision}:
            return False
        return manifest.says_the_same_as(self._store.read_manifest(self._model, former.manifest))

    def _secure(self, files: Iterable[File]) -> None:
        """Every object is there afterwards, and stays for a while; those that were missing are put."""
        wanted = {file.sha256: file for file in files}
        missing = [file for file in wanted.values() if not self._objects.secured(file.sha256, file.size)]
        with progress(sum(file.size for file in missing), f"{self._model}: copy") as report:
            for file in missing:
                source = self._sources.get(file.sha256)
                if source is None:
                    raise StoreError("store.missing_object", found=file.sha256[:12])
                self._objects.put(file.sha256, partial(source.blocks, file.sha256, report), file.size)
        self._secured |= wanted.keys()

    def _secure_manifest(self, manifest: Manifest) -> None:
        content = manifest.encoded()
        if not self._objects.secured(manifest.digest, len(content)):
            self._objects.put(manifest.digest, lambda: [content], len(content))
