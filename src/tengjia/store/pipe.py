"""Moves files between a workspace and one version of a model in a store."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Final, overload

from tengjia.errors import StoreError
from tengjia.store.digest_index import cache_folder
from tengjia.store.gathering import BLOCK, gather
from tengjia.store.manifest import File, Manifest
from tengjia.store.names import check_path, folded, shown
from tengjia.store.store import Store
from tengjia.utilities.files import write_text

_ORDERS: Final[dict[str | None, Callable[[File], Any]]] = {
    None: lambda file: file.path,
    "name": lambda file: file.path,
    "mod": lambda file: (file.modified, file.path),
    "size": lambda file: (file.size, file.path),
}


class ModelPipe:
    """One version of a model. Made by `ModelFile.filepipe`.

    Args:
        store: Where it is kept.
        model_name: Name of the model.
        version: Name of the version; it is there from its first file on.
        config: What `config` tells.
    """

    def __init__(self, store: Store, model_name: str, version: str, config: Mapping[str, Any]) -> None:
        self.store = store
        self.model_name = model_name
        self.version = version
        self._config = dict(config)

    def import_file(self, file: str | Path, subdir: str | None = None, move: bool = False) -> None:
        """Put a file into the version, in the place of one of the same name.

        Args:
            file: The file.
            subdir: Folder in the version to put it in.
            move: Whether to delete the file once it is safely in the store.

        Raises:
            StoreError: There is no such file, a name leaves the version, or the version is published.
        """
        self.import_files([file], subdir, move)

    def import_files(self, files: Iterable[str | Path], subdir: str | None = None, move: bool = False) -> None:
        """Put several files into the version, all at once."""
        self._import({_under(subdir, Path(file).name): Path(file) for file in files}, move)

    def import_dir(self, dir: str | Path, subdir: str | None = None, move: bool = False) -> None:
        """Put what a folder holds into the version, all at once; folders in it stay folders.

        Args:
            dir: The folder.
            subdir: Folder in the version to put it in.
            move: Whether to delete the files once they are safely in the store; folders that are empty then go too.

        Raises:
            StoreError: As `import_file`.
        """
        if not Path(dir).is_dir():
            raise StoreError("store.no_file", found=shown(dir))
        self._import({_under(subdir, source.path): source.file for source in gather(dir)}, move)
        if move:
            _remove_empty(Path(dir))

    @overload
    def scan_local(
        self, include: str | None = None, exclude: str | None = None, *, sortby: str | None = None
    ) -> list[str]: ...

    @overload
    def scan_local(
        self,
        include: str | None = None,
        exclude: str | None = None,
        attributes: bool = False,
        sortby: str | None = None,
    ) -> list[str] | tuple[list[dict[str, Any]], list[str]]: ...

    def scan_local(
        self,
        include: str | None = None,
        exclude: str | None = None,
        attributes: bool = False,
        sortby: str | None = None,
    ) -> list[str] | tuple[list[dict[str, Any]], list[str]]:
        """The files of the version, in the store.

        Args:
            include: Patterns of names, separated by `|` (`*.py|*.json`); `None`: all.
            exclude: Patterns of names to leave out.
            attributes: Whether to tell more than names.
            sortby: `name`, `mod` (time of modification) or `size`.

        Returns:
            Names; with `attributes` a list of dictionaries (`filename`, `modified_at`, `size` in bytes, `crc`: the
            MD5 that the seed calls so, `sha256`), and the names in the same order.

        Raises:
            StoreError: Another `sortby`.
        """
        if sortby not in _ORDERS:
            raise StoreError("store.bad_order", found=shown(sortby), allowed="name, mod, size")
        files = [file for file in self._manifest().files if _chosen(file.path, include, exclude)]
        files.sort(key=_ORDERS[sortby])
        names = [file.path for file in files]
        return ([self._attributes(file) for file in files], names) if attributes else names

    @property
    def dir(self) -> str:
        """A folder with the files of the version as they are now, for reading; made when it is asked for.

        The store keeps contents once, under their digests, so a version has no folder of its own there: this is a
        verified copy in the user's cache. To change the version, import.
        """
        folder = Path(self.filerepo)
        if not self._manifest().files:
            folder.mkdir(parents=True, exist_ok=True)
            return f"{folder}/"
        found = self.store.resolve(self.model_name, self.version)
        target = folder / f"{self.model_name}-v{self.version}" / str(found.revision)
        self.store.pull(self.model_name, self.version, target, replace=True)
        return f"{target}/"

    @property
    def filerepo(self) -> str:
        """The folder of the model: where `dir` puts its copies."""
        return views(self.store, self.model_name)

    @property
    def config(self) -> dict[str, Any]:
        """Where the model is registered: `filerepo`, `server`, `filereporoot`, `filedb`, `key`."""
        return dict(self._config)

    def pull_file(self, file: str, save_path: str | Path, move: bool = False) -> None:
        """Put one file of the version into a folder; it keeps its last name.

        Args:
            file: Its path in the version.
            save_path: The folder; it is made.
            move: Whether to take the file out of the version afterwards.

        Raises:
            StoreError: There is no such file in the version.
        """
        path, folder = check_path(file), Path(save_path)
        found = self._manifest().by_path.get(path)
        if found is None:
            raise StoreError("store.no_such_file", found=path, version=self.version, model=self.model_name)
        self.store.pull_files(self.model_name, self.version, [path], folder, flat=True)
        if move:
            self.delete_files_local([path], confirm=False)

    def pull_dir(self, dir: str | Path, move: bool = False) -> None:
        """Put all files of the version into a folder, beside what is there; all or none.

        Args:
            dir: The folder; it is made.
            move: Whether to remove the version afterwards.

        Raises:
            StoreError: The version is not there, or a folder stands where a file belongs.
        """
        self.store.pull_files(self.model_name, self.version, None, dir)
        if move:
            self.delete_files_local(delete_all=True, confirm=False)

    def delete_files_local(
        self,
        files: Iterable[str] | None = None,
        confirm: bool = True,
        delete_all: bool | None = None,
        ignore_errors: bool = False,
    ) -> None:
        """Take files out of the version, or remove the whole version. A published version stays as it is.

        Args:
            files: Paths in the version.
            confirm: Must be `False`: a library does not ask at the keyboard, and who deletes says so.
            delete_all: Whether to remove the version; not together with `files`.
            ignore_errors: Whether files that are not there are passed over.

        Raises:
            StoreError: Nothing or two things are asked for, it was not confirmed, or a file is not there.
        """
        wanted = None if files is None else [files] if isinstance(files, str) else list(files)
        if (wanted is None) == (not delete_all):
            raise StoreError("store.delete_what", model=self.model_name, version=self.version)
        if confirm:
            raise StoreError("store.not_confirmed", model=self.model_name, version=self.version)
        present = self._manifest().by_path
        if ignore_errors and wanted is not None:
            wanted = [path for path in wanted if path in present]
        if delete_all or (wanted and set(wanted) == set(present)):
            self.store.remove(self.model_name, self.version)
        elif wanted:
            self.store.drop(self.model_name, self.version, map(check_path, wanted))

    def _import(self, files: Mapping[str, Path], move: bool) -> None:
        self.store.add(self.model_name, self.version, files)
        if move:
            for file in files.values():
                file.unlink()

    def _manifest(self) -> Manifest:
        """The files of the version; none before the first came."""
        state = self.store.ledger.state(self.model_name)
        if folded(self.version) not in state.versions:
            return Manifest(())
        return self.store.manifest(self.model_name, self.version)

    def _attributes(self, file: File) -> dict[str, Any]:
        return {
            "filename": file.path,
            "modified_at": datetime.fromtimestamp(file.modified / 1e9),
            "size": file.size,
            "crc": self._md5(file),
            "sha256": file.sha256,
        }

    def _md5(self, file: File) -> str:
        """Read once for each content, and remembered."""
        note = cache_folder() / "md5" / file.sha256
        if note.is_file():
            return note.read_text("ascii")
        hashed = hashlib.md5(usedforsecurity=False)
        objects = self.store.reading(self.model_name, self.store.resolve(self.model_name, self.version).manifest)
        with objects.open(file.sha256) as content:
            while block := content.read(BLOCK):
                hashed.update(block)
        write_text(note, hashed.hexdigest())
        return hashed.hexdigest()


def views(store: Store, model: str) -> str:
    """Where copies of a model's versions are kept for reading: in the user's cache; a store may be read-only."""
    name = hashlib.sha256(store.url.encode()).hexdigest()[:16]
    return f"{cache_folder() / 'views' / name / model.lower()}/"


def _under(subdir: str | None, path: str) -> str:
    return check_path(
        f"{subdir.strip('/')}/{path}" if subdir and not subdir.startswith("/") else f"{subdir or ''}{path}"
    )


def _chosen(path: str, include: str | None, exclude: str | None) -> bool:
    def matches(patterns: str) -> bool:
        return any(fnmatchcase(path, pattern) for pattern in patterns.split("|"))

    return (include is None or matches(include)) and not (exclude and matches(exclude))


def _remove_empty(folder: Path) -> None:
    for inner in sorted(folder.rglob("*"), reverse=True):
        if inner.is_dir() and not inner.is_symlink() and not any(inner.iterdir()):
            inner.rmdir()
    if not any(folder.iterdir()):
        folder.rmdir()
