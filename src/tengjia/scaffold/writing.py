"""Writes new files, all or none; what is there already is never touched."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping
from pathlib import Path

from tengjia.errors import ConfigurationError, EnvironmentFault
from tengjia.utilities.files import write_text


def packages(folder: Path, top: Path) -> dict[Path, str]:
    """The empty `__init__.py` of a folder and of those above it up to `top`, where they are missing."""
    found = [one / "__init__.py" for one in (folder, *folder.parents) if one.is_relative_to(top)]
    return {file: "" for file in found if not file.exists()}


def new_files(files: Mapping[Path, str], *, dry_run: bool = False) -> list[Path]:
    """Write files that are not there yet.

    Args:
        files: What to write where.
        dry_run: Whether to look only.

    Returns:
        The files, in order.

    Raises:
        ConfigurationError: One is there already; which ones is told, and nothing is written.
        EnvironmentFault: The disk refuses; what was written is removed again.
    """
    refuse_existing(files)
    if dry_run:
        return sorted(files)
    folders = {folder for file in files for folder in file.parents if not folder.exists()}
    done: list[Path] = []
    try:
        for file, content in files.items():
            done.append(file)
            write_text(file, content)
    except OSError as error:
        _remove(done, folders)
        raise EnvironmentFault("scaffold.unwritable", file=done[-1], reason=error.strerror or error) from None
    return sorted(files)


def _remove(files: Iterable[Path], folders: Iterable[Path]) -> None:
    """Take away new files, and the folders that were made for them; what another wrote there meanwhile stays."""
    for file in files:
        file.unlink(missing_ok=True)
    for folder in sorted(folders, key=lambda folder: len(folder.parts), reverse=True):
        with contextlib.suppress(OSError):
            folder.rmdir()


def refuse_existing(files: Iterable[Path]) -> None:
    """See that none of these is there, and that no file stands where a folder must be.

    Raises:
        ConfigurationError: One is.
    """
    existing = [file for file in files if file.exists() or file.is_symlink()]
    if existing:
        more = f" (+{len(existing) - 1})" if len(existing) > 1 else ""
        raise ConfigurationError("scaffold.exists", file=existing[0], found=f"{existing[0].name}{more}")
    for file in files:
        for parent in file.parents:
            if parent.is_file():
                raise ConfigurationError("scaffold.file_for_folder", file=parent, found=parent.name)
