"""What a version consists of: files with sizes and digests, where it came from, and whether raw text is inside.

A manifest is an object like any other, named by its own SHA-256: whoever has that digest can verify all it names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from tengjia.errors import StoreError
from tengjia.store.names import check_digest, check_distinct, check_path
from tengjia.store.sealed import digest_of, seal, unsealed

FORMAT: Final = 1
MOST_FILES: Final = 100_000
MOST_BYTES: Final = 64 << 20
_MOST_LINEAGE: Final = 256 << 10


@dataclass(frozen=True, slots=True)
class File:
    """One file of a version."""

    path: str
    """Relative, with `/`."""
    size: int
    """Bytes."""
    sha256: str
    """Hexadecimal; names the object that holds the content."""
    modified: int
    """Nanoseconds since 1970, as the file told when it was pushed."""
    blake3: str = ""
    """Hexadecimal BLAKE3, if the machine that pushed could: the same content, verified several times faster."""


@dataclass(frozen=True)
class Manifest:
    """The content of a version."""

    files: tuple[File, ...]
    """By path."""
    lineage: Mapping[str, Any] = field(default_factory=dict)
    """Where it came from: `run`, `data`, `git`, `parents`, ... plain values."""
    raw_text: bool = False
    """Whether texts of a corpus are inside."""

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files)

    @cached_property
    def by_path(self) -> Mapping[str, File]:
        """Path to file."""
        return {file.path: file for file in self.files}

    @cached_property
    def digests(self) -> frozenset[str]:
        """Of all files."""
        return frozenset(file.sha256 for file in self.files)

    def says_the_same_as(self, other: Manifest) -> bool:
        """Whether contents and lineage are equal; times of files and second hashes do not count."""
        contents, theirs = ([(file.path, file.sha256) for file in one.files] for one in (self, other))
        return contents == theirs and self.lineage == other.lineage and self.raw_text == other.raw_text

    def encoded(self) -> bytes:
        """The bytes of the object; the same for the same content."""
        files = [[file.path, file.size, file.sha256, file.modified, file.blake3] for file in self.files]
        return seal({"format": FORMAT, "files": files, "lineage": dict(self.lineage), "raw_text": self.raw_text})

    @cached_property
    def digest(self) -> str:
        """Names the manifest."""
        return digest_of(self.encoded())


def make_manifest(files: list[File], lineage: Mapping[str, Any], *, raw_text: bool) -> Manifest:
    """A manifest of checked files.

    Raises:
        StoreError: Paths that cannot stand beside each other, too many files, or a lineage that is too long.
    """
    paths = [check_path(file.path) for file in files]
    check_distinct(paths)
    if len(files) > MOST_FILES:
        raise StoreError("store.too_many_files", limit=MOST_FILES, found=len(files))
    if len(seal(dict(lineage))) > _MOST_LINEAGE:
        raise StoreError("store.too_large", found="lineage", limit=_MOST_LINEAGE)
    return Manifest(tuple(sorted(files, key=lambda file: file.path)), lineage, raw_text)


def read_manifest(content: bytes, digest: str) -> Manifest:
    """A manifest from its object, believed in nothing.

    Raises:
        StoreError: The bytes are not those of the digest, or say something that no manifest says.
    """
    where = f"manifest {digest[:12]}"
    if digest_of(content) != digest:
        raise StoreError("store.damaged", found=where)
    value = unsealed(content, where)
    if value.get("format") != FORMAT:
        raise StoreError("store.other_format", found=value.get("format"), allowed=FORMAT)
    rows, lineage = value.get("files"), value.get("lineage")
    if not isinstance(rows, list) or not isinstance(lineage, dict) or not isinstance(value.get("raw_text"), bool):
        raise StoreError("store.damaged", found=where)
    return make_manifest([_file(row, where) for row in rows], lineage, raw_text=value["raw_text"])


def _file(row: object, where: str) -> File:
    match row:
        case [str(path), int(size), str(digest), int(modified), str(quick)] if size >= 0 and not isinstance(size, bool):
            return File(path, size, check_digest(digest), modified, check_digest(quick) if quick else "")
    raise StoreError("store.damaged", found=where)
