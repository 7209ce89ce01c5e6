"""Vectors for the pieces of a vocabulary, from a file or from what was kept of it, and a report of who got one."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy
from tqdm import tqdm

from tengjia.errors import DataError
from tengjia.messages import text as words
from tengjia.text.characters import half_width
from tengjia.text.vector_rows import BLOCK, BadRows, Block, Rejected
from tengjia.text.vector_store import DamagedStore, VectorStore, fingerprint, write_store

Read = Callable[[Path, int | None, Rejected], Iterator[Block]]
"""Reads the rows of one format: `read_text`, `read_binary`."""

_MISSING_TOLD: Final = 50

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Coverage:
    """How many pieces of a vocabulary got a vector, and what was met in the file."""

    pieces: int
    """Pieces that were asked for."""

    exact: int
    """Found as they are written."""

    lowercase: int
    """Found in lower case only."""

    half_width: int
    """Found in half width only (`,` for `，`), perhaps in lower case too."""

    missing: int
    """Without a vector."""

    missing_pieces: tuple[str, ...]
    """The first of these."""

    rows: int
    """Vectors in the file."""

    width: int
    """Numbers in each."""

    duplicates: int
    """Rows whose word stood in an earlier row, which won."""

    skipped: int
    """Rows that made no sense (only with `bad_rows=skip`)."""

    skipped_line: int
    """The line of the first of these; 0 without."""

    def __str__(self) -> str:
        values = {**asdict(self), "found": self.pieces - self.missing}
        values["without"] = " ".join(self.missing_pieces[:10]) or "-"
        skipped = words("text.vectors_skipped", **values).message if self.skipped else ""
        return words("text.vectors_found", **values).message + skipped

    def facts(self) -> dict[str, Any]:
        """As plain values, for a report."""
        return {**asdict(self), "share": 1 - self.missing / max(self.pieces, 1)}


@dataclass(frozen=True)
class Forms:
    """How a piece may be written in a file of vectors."""

    lowercase: bool
    half_width: bool

    def of(self, piece: str) -> dict[str, str]:
        """The forms to try, by the name under which a find is counted, the exact one first."""
        forms = {"exact": piece}
        if self.lowercase:
            forms["lowercase"] = piece.lower()
        if self.half_width:
            forms["half_width"] = half_width(forms.get("lowercase", piece))
        return forms


def look_up(
    path: Path,
    read: Read,
    pieces: Sequence[str],
    *,
    width: int | None,
    forms: Forms,
    bad_rows: BadRows,
    cache: Path | None,
) -> tuple[numpy.ndarray, Coverage]:
    """Vectors `[len(pieces), width]` float32, rows of NaN where there is none, and the coverage.

    Args:
        path: The file of vectors.
        read: Reader of its format.
        pieces: What is looked up.
        width: Numbers a row that the file must have; `None`: what it has.
        forms: How a piece may be written in the file, as it stands and otherwise.
        bad_rows: What becomes of rows that make no sense.
        cache: Folder in which the parsed file is kept for the next time; `None`: it is not.

    Raises:
        DataError: The file is missing or not as it must be.
        EnvironmentFault: There is no room to unfold it.
    """
    wanted = list(dict.fromkeys(form for piece in pieces for form in forms.of(piece).values()))
    store, found = _opened(path, read, wanted, width, bad_rows, cache)
    return _assemble(pieces, forms, found, store)


def first_words(
    path: Path, read: Read, limit: int, *, width: int | None, bad_rows: BadRows, cache: Path | None
) -> list[str]:
    """The words of the first `limit` rows of a file; arguments and errors as of `look_up`."""
    store, _ = _opened(path, read, [], width, bad_rows, cache)
    return store.first_words(limit)


def _opened(
    path: Path, read: Read, wanted: list[str], width: int | None, bad_rows: BadRows, cache: Path | None
) -> tuple[VectorStore, dict[str, numpy.ndarray]]:
    if cache is None:
        with tempfile.TemporaryDirectory(prefix="tengjia-vectors-") as folder:
            return _collect(Path(folder) / "store", path, read, wanted, width, bad_rows)
    if not path.is_file():
        raise DataError("text.no_vector_file", file=path)
    name = f"{fingerprint(path, cache)[:32]}-{read.__name__}-{width or 'any'}-{bad_rows}"
    return _collect(cache / name, path, read, wanted, width, bad_rows)


def _collect(
    folder: Path, path: Path, read: Read, wanted: list[str], width: int | None, bad_rows: BadRows
) -> tuple[VectorStore, dict[str, numpy.ndarray]]:
    try:
        store = VectorStore.open(folder)
        return store, store.collect(wanted)
    except FileNotFoundError:
        logger.info(words("text.vectors_first", file=path).message)
    except DamagedStore:
        logger.warning(words("text.vectors_damaged", folder=folder, file=path).message)
    rejected = Rejected(path, bad_rows)
    facts: dict[str, Any] = {}
    write_store(folder, _noting(read(path, width, rejected), rejected, facts), facts)
    store = VectorStore.open(folder)
    return store, store.collect(wanted)


def _noting(blocks: Iterator[Block], rejected: Rejected, facts: dict[str, Any]) -> Iterator[Block]:
    empty = True
    for block in tqdm(blocks, desc=f"reading {rejected.path.name}", unit_scale=BLOCK, unit=" rows", disable=None):
        empty = empty and not block.words
        yield block
    if empty:
        raise DataError("text.vectors_empty", file=rejected.path)
    facts["skipped"], facts["skipped_line"] = rejected.count, rejected.first_line


def _assemble(
    pieces: Sequence[str], forms: Forms, found: dict[str, numpy.ndarray], store: VectorStore
) -> tuple[numpy.ndarray, Coverage]:
    matrix = numpy.full((len(pieces), store.width), numpy.nan, numpy.float32)
    counts, missing = dict.fromkeys(("exact", "lowercase", "half_width"), 0), list[str]()
    for row, piece in enumerate(pieces):
        way = next((way for way, form in forms.of(piece).items() if form in found), None)
        if way is None:
            missing.append(piece)
        else:
            matrix[row] = found[forms.of(piece)[way]]
            counts[way] += 1
    facts = {name: int(store.facts[name]) for name in ("rows", "duplicates", "skipped", "skipped_line")}
    told = tuple(missing[:_MISSING_TOLD])
    coverage = Coverage(len(pieces), **counts, missing=len(missing), missing_pieces=told, width=store.width, **facts)
    logger.info(str(coverage))
    return matrix, coverage
