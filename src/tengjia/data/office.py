"""Office documents (.xlsx, .docx): zip archives of XML, checked before a library takes them in."""

from __future__ import annotations

import contextlib
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

from tengjia.data.archives import MAX_RATIO, Source, locate, members
from tengjia.errors import DataError

MAX_PART: Final = 1 << 30
"""Bytes that one part may unpack to: libraries hold some parts in memory."""

_FREE: Final = 16 << 20


@contextlib.contextmanager
def opened_office_file(path: Path) -> Iterator[IO[bytes]]:
    """The document as a seekable file, on disk or in a zip archive of other files.

    Raises:
        DataError: It is missing, no office document, damaged, or refused: a part swells beyond measure, or declares
            entities of its own.
    """
    source = _located(path)
    with seekable(source) as file:
        _check(file, source.name)
        yield file


@contextlib.contextmanager
def seekable(source: Source) -> Iterator[IO[bytes]]:
    """A file in which its reader can move about: as it lies on the disk, or unpacked from an archive or by gzip.

    Raises:
        DataError: It cannot be opened, or is a damaged or refused archive.
    """
    if not source.member and not _is_gzip(source.path):
        with open(source.path, "rb") as plain:
            yield plain
        return
    with tempfile.TemporaryFile() as file:
        with source.open() as stream:
            while block := stream.read(1 << 20):
                file.write(block)
        file.seek(0)
        yield file


def _is_gzip(path: Path) -> bool:
    with open(path, "rb") as file:
        return file.read(2) == b"\x1f\x8b"


def _located(path: Path) -> Source:
    if path.is_file():
        if _is_gzip(path):
            return Source(path)
        if not zipfile.is_zipfile(path):
            reason = "an Office file of today is a zip archive; this may be an old .xls or .doc, or a renamed CSV"
            raise DataError("data.binary_file", file=path, reason=reason)
        if "[Content_Types].xml" in members(path):
            return Source(path)
    return locate(path)


def _check(file: IO[bytes], name: str) -> None:
    try:
        with zipfile.ZipFile(file) as archive:
            for info in archive.infolist():
                if info.file_size > min(MAX_PART, max(_FREE, MAX_RATIO * info.compress_size)):
                    raise DataError("data.unsafe_archive", file=name, reason=f"{info.filename} swells beyond measure")
                with archive.open(info) as part:
                    head = part.read(1024)
                if info.filename.endswith((".xml", ".rels")) and b"<!" in head.replace(b"<!--", b""):
                    raise DataError("data.unsafe_archive", file=name, reason=f"{info.filename} declares entities")
    except DataError:
        raise
    # A hostile archive may make the library raise nearly anything.
    except Exception as error:
        raise DataError("data.damaged_archive", file=name, reason=str(error)[:200]) from error
    file.seek(0)
