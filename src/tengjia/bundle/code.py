"""The project's own modules inside a bundle: `model_code/`.

Written only when a chosen module stands outside the library and its plugins: its file, and every file of the project
that it imports, at their places under `src/`. `from src.a.b import c` becomes a relative import, so that the copies
import one another and nothing of the project in which they are loaded.

Loading runs foreign code, so it happens only for a caller that says `trust_code=True`. The files are imported from
memory (nothing is compiled to disk) as one private package whose name holds their digest; `sys.path` stays as it is.
"""

from __future__ import annotations

import ast
import hashlib
import importlib
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.abc import InspectLoader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_loader
from pathlib import Path
from types import ModuleType
from typing import Final

from tengjia.errors import CheckpointError

_FROM_PROJECT: Final = re.compile(rb"from\s+src((?:\.\w+)*)\s+import")
PRIVATE_PACKAGE: Final = "_tengjia_bundle_"


def collect_code(source_root: Path, files: Iterable[Path]) -> dict[str, bytes]:
    """The given files and what they import of the project, ready for `model_code/`.

    Args:
        source_root: The folder `src` of the project.
        files: Module files under it.

    Returns:
        Path relative to `src` -> content with relative imports.

    Raises:
        CheckpointError: A file imports the project in a way that cannot be carried (`import src.a`).
    """
    collected: dict[str, bytes] = {}
    waiting = list(files)
    while waiting:
        file = waiting.pop()
        path = file.relative_to(source_root).as_posix()
        if path in collected:
            continue
        content = file.read_bytes()
        collected[path] = _with_relative_imports(content, path, file)
        waiting.extend(_packages_above(source_root, file))
        for module in _imported(ast.parse(content), Path(path).parent.parts, file):
            waiting.extend(_files_of(source_root, module))
    return dict(sorted(collected.items()))


def _packages_above(source_root: Path, file: Path) -> Iterator[Path]:
    for folder in file.relative_to(source_root).parents:
        initial = source_root / folder / "__init__.py"
        if folder.parts and initial.is_file():
            yield initial


def _imported(tree: ast.AST, package: Sequence[str], file: Path) -> Iterator[tuple[str, ...]]:
    """Dotted places under `src` that a file imports, each as its parts."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.split(".")[0] == "src":
                    raise CheckpointError(
                        "bundle.uncarried_import", file=file, line=node.lineno, found=f"import {alias.name}"
                    )
        elif isinstance(node, ast.ImportFrom):
            parts = tuple((node.module or "").split(".")) if node.module else ()
            if node.level:
                base = (*package[: len(package) - node.level + 1], *parts)
            elif parts[:1] == ("src",):
                base = parts[1:]
            else:
                continue
            yield base
            for alias in node.names:
                yield (*base, alias.name)


def _files_of(source_root: Path, module: tuple[str, ...]) -> Iterator[Path]:
    place = source_root.joinpath(*module)
    for file in (place.with_suffix(".py") if module else place, place / "__init__.py"):
        if module and file.is_file():
            yield file


def _with_relative_imports(content: bytes, path: str, file: Path) -> bytes:
    lines = content.splitlines(keepends=True)
    dots = b"." * len(Path(path).parts)
    for node in ast.walk(ast.parse(content)):
        if isinstance(node, ast.ImportFrom) and not node.level and (node.module or "").split(".")[0] == "src":
            line, column = lines[node.lineno - 1], node.col_offset
            match = _FROM_PROJECT.match(line, column)
            if match is None:
                raise CheckpointError(
                    "bundle.uncarried_import", file=file, line=node.lineno, found=line.decode("utf-8").strip()
                )
            place = dots + match[1].removeprefix(b".")
            lines[node.lineno - 1] = line[:column] + b"from " + place + b" import" + line[match.end() :]
    return b"".join(lines)


def import_code(files: Mapping[str, bytes], path: str) -> ModuleType:
    """Run the code of a bundle whose caller trusts it.

    Args:
        files: Content of `model_code/`, already verified.
        path: Which of them to import.

    Raises:
        CheckpointError: The file is missing, or its code raises.
    """
    digest = hashlib.sha256(b"\0".join(part for name in sorted(files) for part in (name.encode(), files[name])))
    package = PRIVATE_PACKAGE + digest.hexdigest()[:32]
    if path not in files:
        raise CheckpointError("bundle.missing", file="model_code", found=path)
    if not any(isinstance(finder, _BundleFinder) and finder.package == package for finder in sys.meta_path):
        sys.meta_path.append(_BundleFinder(package, files))
    name = ".".join((package, *Path(path).with_suffix("").parts))
    try:
        return importlib.import_module(name)
    except Exception as error:
        raise CheckpointError(
            "bundle.code_fails", file=f"model_code/{path}", found=f"{type(error).__name__}: {error}"
        ) from error


class _BundleFinder(MetaPathFinder):
    """Finds the modules of one private package, and nothing else."""

    def __init__(self, package: str, files: Mapping[str, bytes]) -> None:
        self.package = package
        self._files = dict(files)

    def find_spec(self, fullname: str, path: object, target: ModuleType | None = None) -> ModuleSpec | None:
        parts = fullname.split(".")
        if parts[0] != self.package:
            return None
        place = "/".join(parts[1:])
        if (content := self._files.get(f"{place}.py")) is not None:
            return spec_from_loader(fullname, _BundleLoader(content, package=False))
        initial = f"{place}/__init__.py" if place else "__init__.py"
        content = self._files.get(initial)
        if content is None and any(name.startswith(f"{place}/" if place else "") for name in self._files):
            content = b""  # a folder without `__init__.py`
        return (
            None
            if content is None
            else spec_from_loader(fullname, _BundleLoader(content, package=True), is_package=True)
        )


class _BundleLoader(InspectLoader):
    """Gives the source of one module from memory."""

    def __init__(self, content: bytes, *, package: bool) -> None:
        self._content = content
        self._package = package

    def get_source(self, fullname: str) -> str:
        return self._content.decode("utf-8")

    def is_package(self, fullname: str) -> bool:
        return self._package
