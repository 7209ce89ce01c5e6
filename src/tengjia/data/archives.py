"""Opens corpus files: plain, gzipped, or inside a zip archive, within bounds and without unpacking to disk.

A member of an archive is named as if the archive were a folder: `corpus.zip/train.tsv`. What an archive says of itself
is not believed: names are checked, and the bytes that really come out are counted.
"""

from __future__ import annotations

import contextlib
import gzip
import io
import lzma
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final, cast

from tengjia.errors import DataError
from tengjia.utilities.nearest import nearest

MAX_MEMBERS: Final = 100_000
"""Files that an archive may hold."""

MAX_UNPACKED: Final = 1 << 40
"""Bytes that may come out of one compressed file."""

MAX_RATIO: Final = 200
"""How many times larger than itself a compressed file may become; deflate cannot exceed 1032."""

FREE_BYTES: Final = 16 << 20
"""Bytes that may come out before the ratio counts: a small file of spaces is harmless."""

_DAMAGE = (zlib.error, EOFError, gzip.BadGzipFile, zipfile.BadZipFile, lzma.LZMAError, NotImplementedError)


@dataclass(frozen=True)
class Source:
    """One file to read: `path` on disk, or the member of that name in the zip archive `path`."""

    path: Path
    member: str = ""

    @property
    def name(self) -> str:
        """How messages and examples name it."""
        return f"{self.path}/{self.member}" if self.member else str(self.path)

    @contextlib.contextmanager
    def open(self) -> Iterator[BoundedStream]:
        """The bytes, ungzipped where needed.

        Raises:
            DataError: The file cannot be opened, or is a damaged or refused archive.
        """
        with contextlib.ExitStack() as stack:
            try:
                raw, packed = self._raw(stack)
                head = raw.read(2)
                raw.seek(0)
                if head == b"\x1f\x8b":
                    packed = packed or self.path.stat().st_size
                    raw = stack.enter_context(cast(BinaryIO, gzip.GzipFile(fileobj=raw)))
            except (OSError, *_DAMAGE) as error:
                raise _translated(error, self.name) from error
            yield BoundedStream(raw, self.name, packed)

    def _raw(self, stack: contextlib.ExitStack) -> tuple[BinaryIO, int]:
        """The stream, and the packed size if it comes out of an archive."""
        if not self.member:
            return stack.enter_context(open(self.path, "rb")), 0
        archive = stack.enter_context(zipfile.ZipFile(self.path))
        info = archive.getinfo(self.member)
        return cast(BinaryIO, stack.enter_context(archive.open(info))), max(info.compress_size, 1)


class BoundedStream(io.RawIOBase):
    """A stream that counts what comes out of it and turns its errors into ours.

    Args:
        raw: Where the bytes come from.
        name: For messages.
        packed: Compressed size, or 0 for a plain file, which needs no bound.
    """

    def __init__(self, raw: BinaryIO, name: str, packed: int) -> None:
        self._raw, self._name, self._packed = raw, name, packed
        self._total = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        """At most `size` bytes; none at the end.

        Raises:
            DataError: The file is damaged, cut off, or swells beyond the bounds.
        """
        try:
            data = self._raw.read(size)
        except (OSError, *_DAMAGE) as error:
            raise _translated(error, self._name) from error
        self._total += len(data)
        if self._packed and self._total > max(FREE_BYTES, min(MAX_UNPACKED, MAX_RATIO * self._packed)):
            reason = f"{self._packed} bytes have become more than {self._total}"
            raise DataError("data.unsafe_archive", file=self._name, reason=reason)
        return data


def locate(path: Path) -> Source:
    """The one file that a path means.

    Args:
        path: A file, plain or `.gz`; a zip archive with one file in it; or `archive.zip/member`.

    Raises:
        DataError: There is no such file or member, it is none (a folder, a pipe), or an archive that is not safe or
            holds several files.
    """
    archive, inner = _split(path)
    if not is_zip(archive):
        return Source(archive)
    names = members(archive)
    if inner and inner in names:
        return Source(archive, inner)
    listed = ", ".join(names[:20]) + (", ..." if len(names) > 20 else "")
    if inner:
        close = ", ".join(nearest(inner, names)) or "-"
        raise DataError("data.missing_member", file=archive, found=inner, allowed=listed or "-", nearest=close)
    if "[Content_Types].xml" in names:
        raise DataError("data.binary_file", file=archive, reason="an Office document (Excel, Word)")
    if len(names) == 1:
        return Source(archive, names[0])
    example = f"{archive.name}/{names[0]}" if names else "-"
    raise DataError("data.choose_member", file=archive, count=len(names), allowed=listed or "-", example=example)


def exists(path: Path) -> bool:
    """Whether there is such a file, or such a file or folder in a zip archive."""
    try:
        archive, inner = _split(path)
        return not inner or any(f"{name}/".startswith(f"{inner}/") for name in members(archive))
    except DataError:
        return False


def files_behind(path: Path) -> list[Path]:
    """The files on disk that hold what a path means: itself, the archive it leads into, or all files of a folder."""
    if path.is_dir():
        return sorted(file for file in path.rglob("*") if file.is_file())
    return [_split(path)[0]]


def is_zip(path: Path) -> bool:
    """Whether a file is a zip archive, by its first bytes."""
    try:
        with open(path, "rb") as file:
            return file.read(4) in (b"PK\x03\x04", b"PK\x05\x06")
    except OSError as error:
        raise _translated(error, str(path)) from error


def members(archive: Path) -> list[str]:
    """The names of the files in a zip archive, sorted; folders and hidden files are left out.

    Raises:
        DataError: It is damaged, encrypted, or holds names or kinds of files that have no place in a corpus.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            infos = opened.infolist()
    except (OSError, ValueError, UnicodeDecodeError, *_DAMAGE) as error:
        raise _translated(error, str(archive)) from error
    if len(infos) > MAX_MEMBERS:
        raise DataError("data.unsafe_archive", file=archive, reason=f"it holds {len(infos)} files")
    names: list[str] = []
    for info in infos:
        if (reason := _objection(info)) is not None:
            raise DataError("data.unsafe_archive", file=archive, reason=reason)
        if not info.is_dir() and not _is_hidden(info.filename):
            names.append(info.filename)
    if len(set(names)) < len(names):
        raise DataError("data.unsafe_archive", file=archive, reason="two of its files bear one name")
    return sorted(names)


def _objection(info: zipfile.ZipInfo) -> str | None:
    name, mode = info.filename, info.external_attr >> 16
    parts = name.split("/")
    if not name or name.startswith("/") or ".." in parts or "\\" in name or ":" in parts[0] or "\0" in name:
        return f"the name {name[:100]!r} points outside"
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        return f"{name[:100]!r} is a link or a device"
    if info.flag_bits & 1:
        return f"{name[:100]!r} is encrypted"
    return None


def _is_hidden(name: str) -> bool:
    return name.startswith("__MACOSX/") or PurePosixPath(name).name.startswith(".")


def _split(path: Path) -> tuple[Path, str]:
    """The file on disk, and the rest of the path inside of it."""
    for candidate in (path, *path.parents):
        try:
            mode = candidate.stat().st_mode
        except (FileNotFoundError, NotADirectoryError):
            continue
        except (OSError, ValueError) as error:
            raise _translated(error, str(path)) from error
        inner = "" if candidate == path else path.relative_to(candidate).as_posix()
        if stat.S_ISREG(mode) and (not inner or is_zip(candidate)):
            return candidate, inner
        if not inner:
            raise DataError("data.not_a_file", file=path)
        break
    raise missing(path)


def missing(path: Path) -> DataError:
    """The error for a path that is not there, with what is there instead."""
    folder = path.parent
    try:
        names = sorted(entry.name for entry in folder.iterdir() if not entry.name.startswith("."))
    except OSError:
        names = []
    listed = ", ".join(names[:20]) + (", ..." if len(names) > 20 else "")
    close = ", ".join(nearest(path.name, names)) or "-"
    return DataError("data.missing_file", file=path, allowed=listed or "-", nearest=close)


def _translated(error: Exception, name: str) -> DataError:
    if isinstance(error, DataError):
        return error
    if isinstance(error, OSError) and not isinstance(error, gzip.BadGzipFile):
        return DataError("data.unreadable", file=name, reason=error.strerror or str(error))
    return DataError("data.damaged_archive", file=name, reason=str(error) or type(error).__name__)
