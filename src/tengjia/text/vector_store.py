"""A folder that holds the vectors of one file, ready to be looked up without reading it again.

Found by the SHA-256 of the file, so the same content is parsed once, wherever it lies. The vectors are memory-mapped;
words are found by binary search among the hashes of all words. Everything that is read is checked: the index as a
whole by its CRC-32, each vector by its own.
"""

from __future__ import annotations

import hashlib
import itertools
import logging
import os
import re
import shutil
import time
import zlib
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy

from tengjia.errors import EnvironmentFault
from tengjia.text.vector_rows import Block
from tengjia.utilities.files import read_json, sha256_of_file, sync_folder, temporary_name, write_json

_VERSION: Final = 1
_INDEX: Final = {"hashes": "<u8", "rows": "<i8", "offsets": "<i8", "checks": "<u4"}
_SETTLED: Final = 2_000_000_000  # nanoseconds after which a change surely shows in the time of a file

logger = logging.getLogger(__name__)


class DamagedStore(Exception):
    """The folder is not what was written: it is made anew."""


def fingerprint(path: Path, cache: Path) -> str:
    """SHA-256 of a file; remembered under `cache` for as long as path, size and time of the file stay the same."""
    status = path.stat()
    place = str(path.resolve())
    known = {"path": place, "size": status.st_size, "changed": status.st_mtime_ns, "inode": status.st_ino}
    note = cache / f"seen-{hashlib.sha256(place.encode('utf-8', 'surrogateescape')).hexdigest()[:24]}.json"
    try:
        noted = read_json(note)
        same = isinstance(noted, dict) and {**noted, "sha256": 0} == {**known, "sha256": 0}
        if same and re.fullmatch("[0-9a-f]{64}", str(noted["sha256"])):
            return str(noted["sha256"])
    except (OSError, ValueError, KeyError):
        logger.debug("no note about %s yet", path)
    digest = sha256_of_file(path)
    if time.time_ns() - status.st_mtime_ns > _SETTLED and path.stat().st_mtime_ns == status.st_mtime_ns:
        write_json(note, {**known, "sha256": digest})
    return digest


@dataclass
class VectorStore:
    """An opened folder of vectors. `width` numbers a row; `facts` as they were given to `write`."""

    folder: Path
    width: int
    facts: dict[str, Any]
    _index: dict[str, numpy.ndarray]
    _words: bytes
    _matrix: numpy.ndarray

    @classmethod
    def open(cls, folder: Path) -> VectorStore:
        """Map a folder that `write` made.

        Raises:
            FileNotFoundError: There is none.
            DamagedStore: It is not what was written.
        """
        if not folder.is_dir():
            raise FileNotFoundError(folder)
        try:
            about = read_json(folder / "about.json")
            rows, width = int(about["count"]), int(about["width"])
            parts = {name: (folder / f"{name}.bin").read_bytes() for name in (*_INDEX, "words")}
            if any(zlib.crc32(content) != about["crc"][name] for name, content in parts.items()):
                raise DamagedStore(folder)
            index = {name: numpy.frombuffer(parts[name], kind) for name, kind in _INDEX.items()}
            matrix = numpy.memmap(folder / "vectors.bin", "<f4", "r", shape=(rows, width))
            return cls(folder, width, dict(about["facts"]), index, parts["words"], matrix)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise DamagedStore(folder) from error

    def collect(self, wanted: Iterable[str]) -> dict[str, numpy.ndarray]:
        """The vectors of those words that have one.

        Raises:
            DamagedStore: A vector is not what was written.
        """
        names = [name for name in wanted if name]
        keys = numpy.array([_hash(_utf8(name)) for name in names], numpy.uint64)
        places = numpy.searchsorted(self._index["hashes"], keys).tolist()
        found = {}
        for name, key, place in zip(names, keys.tolist(), places):
            row = self._row(_utf8(name), key, place)
            if row is not None:
                found[name] = self._vector(row)
        return found

    def first_words(self, limit: int) -> list[str]:
        """The words of the first rows, in the order of the file."""
        places = self._index["offsets"][: limit + 1].tolist()
        return [self._words[start:end].decode("utf-8", "surrogatepass") for start, end in itertools.pairwise(places)]

    def _row(self, word: bytes, key: int, place: int) -> int | None:
        hashes, rows, offsets = (self._index[name] for name in ("hashes", "rows", "offsets"))
        while place < len(hashes) and hashes[place] == key:  # the same hash more than once: the first row wins
            row = int(rows[place])
            if self._words[offsets[row] : offsets[row + 1]] == word:
                return row
            place += 1
        return None

    def _vector(self, row: int) -> numpy.ndarray:
        vector = numpy.array(self._matrix[row])
        if zlib.crc32(vector.tobytes()) != self._index["checks"][row]:
            raise DamagedStore(self.folder)
        return vector


def write_store(folder: Path, blocks: Iterator[Block], facts: dict[str, Any]) -> None:
    """Write a store, wholly or not at all.

    Args:
        folder: Replaced when it is there.
        blocks: The rows, in the order of the file.
        facts: Kept with them, as they are when all blocks have been read; `rows` and `duplicates` are put in.

    Raises:
        EnvironmentFault: The folder cannot be written.
        DataError: What the blocks raise.
    """
    temporary = temporary_name(folder)
    try:
        temporary.mkdir(parents=True)
        _fill(temporary, blocks, facts)
        sync_folder(temporary)
        _put_in_place(temporary, folder)
    except OSError as error:
        raise EnvironmentFault("text.vector_cache", folder=folder.parent, reason=error) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _put_in_place(temporary: Path, folder: Path) -> None:
    if folder.exists():  # damaged: nobody writes a store that opens
        shutil.rmtree(folder)
    try:
        temporary.replace(folder)
    except OSError:
        VectorStore.open(folder)  # another process was faster; its store is as good
    sync_folder(folder.parent)


def _fill(folder: Path, blocks: Iterator[Block], facts: dict[str, Any]) -> None:
    hashes, checks, lengths, words, width = array("Q"), array("Q"), array("Q"), list[bytes](), 0
    with open(folder / "vectors.bin", "wb") as file:
        for block in blocks:
            matrix, width = block.matrix.astype("<f4", copy=False), block.matrix.shape[1]
            file.write(matrix.tobytes())
            checks.extend(map(zlib.crc32, numpy.ascontiguousarray(matrix)))
            hashes.extend(map(_hash, block.words))
            lengths.extend(map(len, block.words))
            words.append(b"".join(block.words))
        file.flush()
        os.fsync(file.fileno())
    keys = numpy.array(hashes, "<u8")
    order = numpy.argsort(keys, kind="stable")
    facts["rows"], facts["duplicates"] = len(keys), int((keys[order][1:] == keys[order][:-1]).sum())
    parts = {
        "hashes": keys[order].tobytes(),
        "rows": order.astype("<i8").tobytes(),
        "offsets": numpy.concatenate([[0], numpy.cumsum(lengths, dtype=numpy.int64)]).astype("<i8").tobytes(),
        "checks": numpy.array(checks, "<u4").tobytes(),
        "words": b"".join(words),
    }
    for name, content in parts.items():
        _write(folder / f"{name}.bin", content)
    about = {"version": _VERSION, "count": len(keys), "width": width, "facts": facts}
    write_json(folder / "about.json", {**about, "crc": {name: zlib.crc32(c) for name, c in parts.items()}})


def _write(path: Path, content: bytes) -> None:
    with open(path, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _hash(word: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(word, digest_size=8).digest(), "little")


def _utf8(word: str) -> bytes:
    return word.encode("utf-8", "surrogatepass")
