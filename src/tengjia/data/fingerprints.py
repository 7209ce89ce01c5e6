"""What the content of a cache entry depends on: bytes of data files, source code, versions of libraries."""

from __future__ import annotations

import contextlib
import hashlib
import re
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any, Final

from tengjia.data.archives import files_behind
from tengjia.utilities.files import read_json, sha256_of_file, write_json

MEMO: Final = "hashes.json"
RACY: Final = 2_000_000_000
"""A file changed less than so many nanoseconds before it was read may change again without a new time: its digest is
not remembered (as git does it)."""
LIBRARIES: Final = ("numpy", "pyarrow", "rjieba", "tokenizers")
SOURCES: Final = Path(__file__).parents[1]


class FileDigests:
    """SHA-256 of files, remembered by (path, size, time of change), so that a large corpus is read once.

    Args:
        root: Folder for the memory (`cache_root`).
    """

    def __init__(self, root: Path) -> None:
        self._file = root / MEMO
        self._known: dict[str, Any] = {}
        with contextlib.suppress(OSError, ValueError, RecursionError):
            known = read_json(self._file)
            self._known = known if isinstance(known, dict) else {}
        self._new = False

    def of(self, path: Path) -> str:
        """The digest of what a path means: a file, a member of an archive (the whole archive counts), a folder."""
        if path.is_file():
            return self._of_file(path)
        files = files_behind(path)
        names = [f"{_inside(file, path)} {self._of_file(file)}" for file in files]
        return hashlib.sha256("\n".join(names).encode()).hexdigest()

    def _of_file(self, file: Path) -> str:
        state = file.stat()
        seen = [state.st_size, state.st_mtime_ns]
        known = self._known.get(str(file))
        if isinstance(known, list) and len(known) == 3 and known[:2] == seen and isinstance(known[2], str):
            return known[2]
        began = time.time_ns()
        digest = sha256_of_file(file)
        if began - state.st_mtime_ns > RACY:
            self._known[str(file)] = [*seen, digest]
            self._new = True
        return digest

    def remember(self) -> None:
        """Keep what was learnt; a cache that cannot be written is told when an entry is made, not here."""
        if self._new:
            with contextlib.suppress(OSError):
                write_json(self._file, dict(sorted(self._known.items())))
            self._new = False


def _inside(file: Path, folder: Path) -> str:
    return file.relative_to(folder).as_posix() if file.is_relative_to(folder) else file.name


def source_digests(files: Iterable[Path]) -> dict[str, str]:
    """Digests of source files, by path inside the library (`data/vocabulary.py`) or by name."""
    return {_shown(file): hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(set(files))}


def _shown(file: Path) -> str:
    inside = file.resolve()
    return inside.relative_to(SOURCES).as_posix() if inside.is_relative_to(SOURCES) else file.name


@cache
def library_versions() -> Mapping[str, str]:
    """Versions that may change what is encoded: Python (its Unicode tables) and the libraries that cut text."""
    versions = {"python": f"{sys.version_info.major}.{sys.version_info.minor}"}
    for name in LIBRARIES:
        with contextlib.suppress(metadata.PackageNotFoundError):
            versions[name] = metadata.version(name)
    return versions


_IMPORT: Final = re.compile(
    r"^\s*(?:from\s+((?:tengjia|src)[\w.]*)\s+import\s+(\([^)]*\)|[^\n#]*)|import\s+((?:tengjia|src)[\w.]*))",
    re.MULTILINE,
)
_FOR_TYPES: Final = re.compile(r"^if TYPE_CHECKING:\n(?:[ \t]+.*\n|\n)+", re.MULTILINE)
MACHINERY: Final = frozenset(
    {"command", "config", "contracts", "errors", "messages", "registry", "runs", "utilities"}
    | {f"data/{name}" for name in ("batching", "cache", "fingerprints", "pool", "preprocessing", "rejects", "report")}
)
"""Parts of the library that never change what is made of a text."""


@cache
def code_behind(files: tuple[Path, ...], project: Path | None = None) -> Mapping[str, str]:
    """Digests of source files and of all files of the library (and the project) that they import, and those import.

    Asked once: what this process runs does not change with the files.

    Args:
        files: Where to begin: the files of the modules that were chosen.
        project: Root of the project, for `src....`.
    """
    waiting, found = [file.resolve() for file in files], dict[Path, None]()
    while waiting:
        file = waiting.pop()
        if file not in found:
            found[file] = None
            waiting += _imported(file.read_text("utf-8"), project)
    return source_digests(found)


def _imported(source: str, project: Path | None) -> Iterator[Path]:
    for package, names, plain in _IMPORT.findall(_FOR_TYPES.sub("", source)):
        base = _place(package or plain, project)
        if base is None:
            continue
        words = [name.split()[0] for name in names.strip("()").split(",") if name.split()]
        inner = [file for word in words if (file := base / f"{word}.py").is_file()]
        # `from package import module` needs what the package holds only if a name is none of its files.
        own = [base.with_suffix(".py"), base / "__init__.py"] if len(inner) < len(words) or plain else []
        yield from (file for file in (*own, *inner) if file.is_file() and not _is_machinery(file))


def _place(module: str, project: Path | None) -> Path | None:
    root, *inner = module.split(".")
    if root == "tengjia":
        return SOURCES.joinpath(*inner)
    return project.joinpath(root, *inner) if project is not None else None


def _is_machinery(file: Path) -> bool:
    if not file.is_relative_to(SOURCES):
        return False
    parts = file.relative_to(SOURCES).with_suffix("").parts
    return parts[0] in MACHINERY or "/".join(parts[:2]) in MACHINERY
