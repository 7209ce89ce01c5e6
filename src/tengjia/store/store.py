"""The store: push, pull, name, publish, compare. All of it on two things: the logs of models, and the objects.

store = Store.open("/srv/models")            # or s3://bucket/folder, or https://host:8443
store.push("ner", "1.0", "data/check_points/demo_app/ner/<run>/bundle")
store.publish("ner", "1.0")
store.alias("ner", "production", "1.0")
store.pull("ner", "production", "models/ner")
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from tengjia.errors import StoreError
from tengjia.store.comparison import Difference, compare
from tengjia.store.digest_index import DigestIndex
from tengjia.store.faults import told
from tengjia.store.gathering import gather
from tengjia.store.ledger import Change, Ledger
from tengjia.store.lineage import lineage_of
from tengjia.store.manifest import File, Manifest, read_manifest
from tengjia.store.names import (
    check_alias,
    check_distinct,
    check_model,
    check_note,
    check_reference,
    check_tag,
    check_version,
    folded,
)
from tengjia.store.objects import Objects
from tengjia.store.progress import progress
from tengjia.store.pulling import holds, merge_into, write_folder
from tengjia.store.pushing import Push
from tengjia.store.state import PRIVATE, PUBLIC, Event, Move, State, Version

_MOST_REMEMBERED: Final = 64


class Store:
    """A place where models are kept in versions.

    Args:
        ledger: The logs.
        objects: The contents.
        url: How people name the store.
        index: Digests of files that were hashed before.
    """

    def __init__(self, ledger: Ledger, objects: Objects, url: str, index: DigestIndex | None = None) -> None:
        self.ledger = ledger
        self.objects = objects
        self.url = url
        self.index = index or DigestIndex()
        self._manifests: dict[str, Manifest] = {}

    @classmethod
    def open(cls, place: str | Path | None = None, *, token: str | None = None) -> Store:
        """The store in a place.

        Args:
            place: A folder, a URL of fsspec, `http(s)://...`; `None`: as the project or the user has set it.
            token: For a server; else that of the environment (`TENGJIA_STORE_TOKEN`), else none.

        Raises:
            StoreError: There can be no store.
        """
        from tengjia.store.opening import open_store

        return open_store(place, token=token)

    # What is there

    def models(self) -> list[str]:
        """Names of all models that can be seen."""
        with told(self.url):
            return self.ledger.models()

    def versions(self, model: str) -> list[Version]:
        """All versions of a model, in the order of their first push."""
        return list(self.state(model).versions.values())

    def aliases(self, model: str) -> dict[str, str]:
        """Alias to version."""
        return self.state(model).alias_targets()

    def alias_history(self, model: str, alias: str) -> tuple[Move, ...]:
        """Where an alias pointed, the oldest first."""
        return self.state(model).aliases.get(folded(check_alias(alias)), ())

    def resolve(self, model: str, reference: str = "latest") -> Version:
        """The version that a name, an alias, or `latest` stands for.

        Raises:
            StoreError: There is no such model, or no such version.
        """
        return self.state(model).version(check_reference(reference))

    def manifest(self, model: str, reference: str = "latest") -> Manifest:
        """The files of a version, and its lineage."""
        return self.read_manifest(model, self.resolve(model, reference).manifest)

    def lineage(self, model: str, reference: str = "latest") -> Mapping[str, Any]:
        """Where a version came from: run, data, git commit, parents, as far as it was told."""
        return self.manifest(model, reference).lineage

    def history(self, model: str) -> Iterator[Event]:
        """Everything that ever happened to a model, the oldest first."""
        self.state(model)
        return self.ledger.history(model)

    def diff(self, model: str, first: str, second: str) -> Difference:
        """What differs between two versions."""
        return compare(self.manifest(model, first), self.manifest(model, second))

    def state(self, model: str) -> State:
        """A model as it is now.

        Raises:
            StoreError: There is none of that name.
        """
        with told(self.url):
            state = self.ledger.state(check_model(model))
            if state.number == 0:
                from tengjia.utilities.suggestions import suggestions

                near = suggestions(model, self.ledger.models())
                raise StoreError("store.no_model", found=model, place=self.url, nearest=near)
            return state

    # Into the store

    def push(
        self,
        model: str,
        version: str,
        source: str | Path | Mapping[str, str | Path],
        *,
        exclude: Iterable[str] = (),
        lineage: Mapping[str, Any] | None = None,
        expected: int | None = None,
        raw_text: bool = False,
    ) -> Version:
        """Put files into a version; a version that is not published gets a new revision with exactly these files.

        Args:
            model: Its name; a model is there from its first push on.
            version: Its name.
            source: A folder, a file, or a mapping from paths in the version to files.
            exclude: Patterns of paths to leave out (`*.tmp`, `.*`).
            lineage: What is to be known of its making, beside what a bundle tells itself.
            expected: The revision that this replaces (0: none); when it is another, nothing is changed.
            raw_text: Whether texts of a corpus may go to a public model.

        Returns:
            The version as it is now.

        Raises:
            StoreError: The version is published, a file changed meanwhile, a name is not allowed, and so on; nothing
                has changed then.
        """
        with told(self.url), Push(self, model, version, raw_text=raw_text) as push:
            files = push.upload(gather(source, exclude))
            manifest = push.manifest(files, {**lineage_of(source), **(lineage or {})})
            return push.commit(lambda state: (manifest, expected))

    def add(
        self, model: str, version: str, source: str | Path | Mapping[str, str | Path], *, raw_text: bool = False
    ) -> Version:
        """Put files beside those that a version has; paths that it has already are replaced.

        Raises:
            StoreError: As `push`.
        """
        with told(self.url), Push(self, model, version, raw_text=raw_text) as push:
            added = {file.path: file for file in push.upload(gather(source))}

            def build(state: State) -> tuple[Manifest, int | None]:
                former, revision = self._current(state, version)
                return push.manifest({**former.by_path, **added}.values(), former.lineage, former), revision

            return push.commit(build)

    def drop(self, model: str, version: str, paths: Iterable[str]) -> Version:
        """Take files out of a version that is not published.

        Raises:
            StoreError: One of them is not there, all would be gone, or the version is published.
        """
        gone = set(paths)
        self.state(model)
        with told(self.url), Push(self, model, version, raw_text=True) as push:

            def build(state: State) -> tuple[Manifest, int | None]:
                former, revision = self._current(state, version)
                if missing := gone - former.by_path.keys():
                    raise StoreError("store.no_such_file", found=min(missing), version=version, model=model)
                kept = [file for file in former.files if file.path not in gone]
                if not kept:
                    raise StoreError("store.nothing_left", version=version, model=model)
                return push.manifest(kept, former.lineage, former), revision

            return push.commit(build)

    # Out of the store

    def pull(
        self, model: str, reference: str, folder: str | Path, *, replace: bool = False, durable: bool = False
    ) -> Version:
        """Make a folder that holds exactly the files of a version, every byte verified.

        Args:
            model: Its name.
            reference: A version, an alias, or `latest`.
            folder: Absent or empty; one that holds these very files is left as it is.
            replace: Whether a folder that holds something else may be replaced as a whole.
            durable: Whether to wait until the disk has it. Without, a pull that is killed leaves nothing either, but
                a power failure soon after may; a bundle is verified whenever it is loaded.

        Returns:
            The version that was pulled.

        Raises:
            StoreError: There is no such version, the folder is in the way, or an object is damaged; the folder is
                untouched then.
        """
        target = Path(folder).expanduser().absolute()
        with told(self.url):
            version = self.resolve(model, reference)
            manifest = self.read_manifest(model, version.manifest)
            if target.is_symlink() or (target.exists() and not target.is_dir()):
                raise StoreError("store.not_a_folder", found=str(target))
            if target.is_dir() and any(target.iterdir()) and not replace:
                if holds(target, manifest, self.index):
                    return version
                raise StoreError("store.folder_in_the_way", folder=target)
            with progress(manifest.size, f"{model} {version.name}") as report:
                write_folder(self.reading(model, version.manifest), manifest, target, durable, report)
            return version

    def pull_files(
        self, model: str, reference: str, paths: Iterable[str] | None, folder: str | Path, *, flat: bool = False
    ) -> list[File]:
        """Put files of a version beside others in a folder; all are verified before the first takes its place.

        Args:
            model: Its name.
            reference: A version, an alias, or `latest`.
            paths: Files of the version; `None`: all.
            folder: Made if it is absent.
            flat: Whether a file keeps only its last name.

        Raises:
            StoreError: One is not in the version, is damaged, or a folder stands where it belongs.
        """
        with told(self.url):
            version = self.resolve(model, reference)
            manifest = self.read_manifest(model, version.manifest)
            wanted = list(manifest.by_path) if paths is None else list(paths)
            if missing := [path for path in wanted if path not in manifest.by_path]:
                raise StoreError("store.no_such_file", found=missing[0], version=version.name, model=model)
            files = [manifest.by_path[path] for path in wanted]
            if flat:
                files = [dataclasses.replace(file, path=file.path.rpartition("/")[2]) for file in files]
                check_distinct([file.path for file in files])
            with progress(sum(file.size for file in files), f"{model} {version.name}") as report:
                objects = self.reading(model, version.manifest)
                merge_into(objects, files, Path(folder).expanduser().absolute(), report)
            return files

    # Names and notes

    def publish(self, model: str, version: str) -> Version:
        """Make a version immutable, for ever."""

        def build(state: State) -> Change | None:
            found = state.version(check_version(version))
            return None if found.published else {"event": "publish", "version": found.name}

        return self._changed(model, build).version(version)

    def alias(self, model: str, alias: str, reference: str | None) -> str:
        """Point an alias at a version, or take it away (`None`). Readers see the old version or the new one.

        Returns:
            The version, or an empty name.
        """
        check_alias(alias)

        def build(state: State) -> Change | None:
            target = "" if reference is None else state.version(check_reference(reference)).name
            if state.alias_targets().get(alias, "") == target and state.alias_names.get(folded(alias), alias) == alias:
                return None
            return {"event": "alias", "alias": alias, "version": target}

        return self._changed(model, build).alias_targets().get(alias, "")

    def tag(self, model: str, version: str, *, add: Iterable[str] = (), remove: Iterable[str] = ()) -> Version:
        """Add and remove tags of a version."""
        added, gone = [check_tag(tag) for tag in add], set(remove)

        def build(state: State) -> Change | None:
            found = state.version(check_reference(version))
            tags = [tag for tag in dict.fromkeys([*found.tags, *added]) if tag not in gone]
            return None if tuple(tags) == found.tags else {"event": "tag", "version": found.name, "tags": tags}

        return self._changed(model, build).version(version)

    def note(self, model: str, version: str, note: str) -> Version:
        """Write a note on a version, in the place of the former."""
        check_note(note)

        def build(state: State) -> Change | None:
            found = state.version(check_reference(version))
            return None if found.note == note else {"event": "note", "version": found.name, "note": note}

        return self._changed(model, build).version(version)

    def remove(self, model: str, version: str, *, even_published: bool = False) -> None:
        """Remove a version; its contents go with a later gc. The name of a published one is never given again."""

        def build(state: State) -> Change:
            found = state.version(check_version(version))
            return {"event": "remove", "version": found.name, "even_published": even_published}

        self._changed(model, build)

    def set_visibility(self, model: str, public: bool, *, raw_text: bool = False) -> None:
        """Let everybody read a model through a server, or only those with a token.

        Args:
            model: Its name.
            public: Whether everybody may.
            raw_text: Whether they may also read the texts of a corpus that are inside.
        """
        wanted = PUBLIC if public else PRIVATE

        def build(state: State) -> Change | None:
            change: Change = {"event": "visibility", "visibility": wanted, "raw_text_allowed": raw_text}
            return None if state.visibility == wanted else change

        self._changed(model, build)

    def set_quota(self, model: str, limit: int | None) -> None:
        """Limit the bytes of all versions of a model, each counted in full; `None`: no limit."""
        self._changed(model, lambda state: None if state.quota == limit else {"event": "quota", "quota": limit})

    def close(self) -> None:
        """Let go of what is held open (lines to a server); the store can be used again afterwards."""

    # The inside

    def read_manifest(self, model: str, digest: str) -> Manifest:
        """A manifest by its digest."""
        if digest not in self._manifests:
            if len(self._manifests) >= _MOST_REMEMBERED:
                self._manifests.clear()
            with told(self.url):
                content = self.reading(model, digest).read(digest)
            self._manifests[digest] = read_manifest(content, digest)
        return self._manifests[digest]

    def reading(self, model: str, manifest: str) -> Objects:
        """The objects, for reading one version; a server wants to know which."""
        return self.objects

    def writing(self, model: str) -> Objects:
        """The objects, for writing to one model."""
        return self.objects

    def _changed(self, model: str, build: Callable[[State], Change | None]) -> State:
        with told(self.url):
            self.state(model)
            return self.ledger.append(model, build)

    def _current(self, state: State, version: str) -> tuple[Manifest, int]:
        found = state.versions.get(folded(version))
        if found is None:
            return Manifest(()), 0
        return self.read_manifest(state.model, found.manifest), found.revision
