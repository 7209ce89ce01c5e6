"""Where public corpora come from, and where they lie when they have been fetched.

A dataset module of a public corpus has a class attribute `source`; `tengjia data list` shows it and `tengjia data get`
fetches it (`tengjia.data.download`).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from tengjia.errors import DataError


@dataclass(frozen=True)
class SourceFile:
    """One file of a corpus as its authors published it."""

    name: str
    """Name in the folder of the corpus; ours, never the server's."""

    url: str
    """Public address of exactly this version."""

    sha256: str
    """Hexadecimal SHA-256 of its content."""

    size: int
    """Bytes."""


@dataclass(frozen=True)
class Source:
    """A public corpus: what it is, whose, and its files."""

    name: str
    """Name of the dataset module."""

    folder: str
    """Folder under `dataset_root`."""

    about: str
    """What is in it, in a phrase."""

    origin: str
    """Address of the publication."""

    licence: str
    """The licence as its authors state it."""

    citation: str
    """Whom to cite."""

    files: tuple[SourceFile, ...]

    about_chinese: str = ""
    """`about` for Chinese readers."""

    licence_chinese: str = ""
    """`licence` for Chinese readers."""

    def file(self, root: Path, name: str) -> Path:
        """The path of a file of the corpus.

        Args:
            root: `dataset_root`.
            name: Name of one of `files`.

        Raises:
            DataError: It is not there; the message says where it was looked for and how to get it.
        """
        path = root / self.folder / name
        if not path.is_file():
            raise DataError("corpus.not_fetched", file=path, name=self.name, root=root)
        return path


class Fetchable(Protocol):
    """A dataset class whose corpus can be fetched."""

    source: Source


def source_of(dataset: Any) -> Source | None:
    """The source of a dataset class, if it has one."""
    found = getattr(dataset, "source", None)
    return found if isinstance(found, Source) else None
