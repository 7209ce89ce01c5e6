"""Pieces and their ids: 0 is padding, and what is not known has an id of its own (1 where pieces were counted)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy

from tengjia.errors import DataError
from tengjia.utilities.files import write_text

if TYPE_CHECKING:
    from tengjia.contracts import TokenArrays

PADDING: Final = 0
UNKNOWN: Final = 1
UNKNOWN_NAMES: Final = ("<unk>", "[UNK]", "<UNK>", "unk")
"""How vocabularies that others made name the unknown piece, the likeliest first."""
LARGEST_FILE: Final = 1 << 30


class Vocabulary:
    """Pieces in the order of their ids.

    Args:
        pieces: All pieces; id 0 is padding.
        unknown: Id of whatever is not among them.

    Raises:
        DataError: A piece stands twice, or `unknown` is no id.
    """

    def __init__(self, pieces: Iterable[str], *, unknown: int = UNKNOWN) -> None:
        self.pieces = tuple(pieces)
        self.unknown = unknown
        self._ids = {piece: number for number, piece in enumerate(self.pieces)}
        if len(self._ids) != len(self.pieces):
            twice = next(p for i, p in enumerate(self.pieces) if self._ids[p] != i)
            raise DataError("encoding.bad_vocabulary", reason=f"{twice!r} x 2")
        if not 0 <= unknown < len(self.pieces):
            raise DataError("encoding.bad_vocabulary", reason=f"unknown = {unknown}, size = {len(self.pieces)}")

    @classmethod
    def counted(
        cls,
        counts: Mapping[str, int],
        *,
        minimum_count: int = 1,
        maximum_size: int | None = None,
        special: Sequence[str] = (),
        padding: str = "<pad>",
        unknown: str = "<unk>",
    ) -> Vocabulary:
        """The frequent pieces of a training text, the most frequent first, equal counts in the order of characters.

        Args:
            counts: How often each piece occurs.
            minimum_count: Rarer pieces are left to the unknown piece.
            maximum_size: At most so many ids in all, special ones included.
            special: Symbols that get ids whether they occur or not, right after padding and unknown.
            padding: Name of id 0.
            unknown: Name of id 1.
        """
        reserved = tuple(dict.fromkeys((padding, unknown, *special)))
        if padding == unknown:
            raise DataError("encoding.bad_vocabulary", reason=f"padding = unknown = {unknown!r}")
        frequent = [p for p, n in counts.items() if n >= minimum_count and p not in reserved]
        frequent.sort(key=lambda piece: (-counts[piece], piece))
        room = None if maximum_size is None else max(0, maximum_size - len(reserved))
        return cls((*reserved, *frequent[:room]))

    @classmethod
    def given(cls, pieces: Sequence[str]) -> Vocabulary:
        """The vocabulary that a tokenizer brings, its ids unchanged; the unknown piece is found by its name."""
        known = set(pieces)
        name = next((name for name in UNKNOWN_NAMES if name in known), None)
        return cls(pieces, unknown=UNKNOWN if name is None else list(pieces).index(name))

    def __len__(self) -> int:
        return len(self.pieces)

    def __contains__(self, piece: object) -> bool:
        return piece in self._ids

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Vocabulary) and (self.pieces, self.unknown) == (other.pieces, other.unknown)

    __hash__ = None  # type: ignore[assignment]

    def id(self, piece: str) -> int:
        """The id of one piece."""
        return self._ids.get(piece, self.unknown)

    def ids(self, pieces: Sequence[str]) -> numpy.ndarray:
        """Ids (int32) of pieces; look up the distinct ones and take by their codes where there are many."""
        get, unknown = self._ids.get, self.unknown
        return numpy.fromiter((get(piece, unknown) for piece in pieces), dtype=numpy.int32, count=len(pieces))

    def extended(self, pieces: Iterable[str]) -> Vocabulary:
        """With further pieces at the end, those that are not yet there, in their order."""
        more = dict.fromkeys(piece for piece in pieces if piece not in self._ids)
        return Vocabulary((*self.pieces, *more), unknown=self.unknown)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the content."""
        return hashlib.sha256(self._document().encode("utf-8")).hexdigest()

    def _document(self) -> str:
        # ASCII, so that even a lone surrogate survives; one piece a line, so that people can read it.
        lines = ",\n".join(json.dumps(piece) for piece in self.pieces)
        return f'{{"unknown": {self.unknown}, "pieces": [\n{lines}\n]}}\n'

    def save(self, file: Path) -> None:
        """Write a JSON document."""
        write_text(file, self._document())

    @classmethod
    def load(cls, file: Path) -> Vocabulary:
        """Read what `save` wrote.

        Raises:
            DataError: The file is no vocabulary.
        """
        content = _read_json(file)
        pieces = content.get("pieces") if isinstance(content, dict) else None
        unknown = content.get("unknown") if isinstance(content, dict) else None
        if not isinstance(pieces, list) or not all(isinstance(piece, str) for piece in pieces):
            raise DataError("encoding.bad_file", file=file, reason="`pieces`: list[str]")
        if not isinstance(unknown, int) or isinstance(unknown, bool):
            raise DataError("encoding.bad_file", file=file, reason="`unknown`: int")
        return cls(pieces, unknown=unknown)


class PairVocabulary:
    """Pairs of neighbouring pieces (bigrams) and their ids: 0 is padding, 1 a pair that is not known.

    Args:
        pairs: `[P, 2]` int: ids of the left and the right piece, in the order of the pairs' ids from 2. To the right
            of the last piece of a text stands padding.

    Raises:
        DataError: A pair stands twice.
    """

    def __init__(self, pairs: numpy.ndarray) -> None:
        self.pairs = numpy.asarray(pairs, dtype=numpy.int64).reshape(-1, 2)
        keys = _keys(self.pairs[:, 0], self.pairs[:, 1])
        order = numpy.argsort(keys, kind="stable")
        self._keys = keys[order]
        self._found = (order + 2).astype(numpy.int32)
        if (self._keys[1:] == self._keys[:-1]).any():
            raise DataError("encoding.bad_vocabulary", reason="pair x 2")

    @classmethod
    def counted(
        cls, keys: numpy.ndarray, counts: numpy.ndarray, *, minimum_count: int, maximum_size: int | None = None
    ) -> PairVocabulary:
        """The frequent pairs, the most frequent first, equal counts in the order of their ids.

        Args:
            keys: `[N, 2]` int: ids left and right; a pair may stand several times, its counts are added.
            counts: `[N]` int: how often each occurs.
            minimum_count: Rarer pairs are left to id 1.
            maximum_size: At most so many ids in all.
        """
        keys = numpy.asarray(keys, dtype=numpy.int64).reshape(-1, 2)
        distinct, inverse = numpy.unique(_keys(keys[:, 0], keys[:, 1]), return_inverse=True)
        totals = numpy.bincount(inverse, weights=counts, minlength=len(distinct)).astype(numpy.int64)
        kept = totals >= minimum_count
        distinct, totals = distinct[kept], totals[kept]
        order = numpy.lexsort((distinct, -totals))
        room = None if maximum_size is None else max(0, maximum_size - 2)
        best = distinct[order][:room]
        return cls(numpy.stack([best >> 32, best & 0xFFFFFFFF], axis=1))

    def __len__(self) -> int:
        return len(self.pairs) + 2

    def ids(self, left: numpy.ndarray, right: numpy.ndarray) -> numpy.ndarray:
        """Ids (int32) of pairs."""
        if not len(self._keys):
            return numpy.full(len(left), UNKNOWN, dtype=numpy.int32)
        keys = _keys(left, right)
        place = numpy.minimum(numpy.searchsorted(self._keys, keys), len(self._keys) - 1)
        found: numpy.ndarray = numpy.where(self._keys[place] == keys, self._found[place], UNKNOWN).astype(numpy.int32)
        return found

    def of_pieces(self, texts: Sequence[str], tokens: TokenArrays, ids: numpy.ndarray) -> numpy.ndarray:
        """Ids (int32) of each piece joined with the next one of its text.

        Args:
            texts: Not looked at.
            tokens: How many pieces each text has.
            ids: Ids of the pieces, one text after the other.
        """
        return self.ids(ids, following(ids, tokens.counts))

    def save(self, file: Path) -> None:
        """Write a JSON list of pairs."""
        write_text(file, json.dumps(self.pairs.tolist(), separators=(",", ":")) + "\n")

    @classmethod
    def load(cls, file: Path) -> PairVocabulary:
        """Read what `save` wrote.

        Raises:
            DataError: The file holds no pairs.
        """
        content = _read_json(file)
        try:
            pairs = numpy.array(content or numpy.empty((0, 2)), dtype=numpy.int64)
        except (TypeError, ValueError, OverflowError):
            raise DataError("encoding.bad_file", file=file, reason="[[int, int], ...]") from None
        if pairs.ndim != 2 or pairs.shape[1] != 2 or pairs.min(initial=0) < 0 or pairs.max(initial=0) >= 1 << 31:
            raise DataError("encoding.bad_file", file=file, reason="[[int, int], ...]")
        return cls(pairs)


def following(ids: numpy.ndarray, counts: numpy.ndarray) -> numpy.ndarray:
    """The id after each; padding after the last of a text."""
    result = numpy.full_like(ids, PADDING)
    result[:-1] = ids[1:]
    ends = numpy.cumsum(counts)[counts > 0]
    result[ends - 1] = PADDING
    return result


def _keys(left: numpy.ndarray, right: numpy.ndarray) -> numpy.ndarray:
    keys: numpy.ndarray = (left.astype(numpy.int64) << 32) | right.astype(numpy.int64)
    return keys


def _read_json(file: Path) -> Any:
    try:
        if file.stat().st_size > LARGEST_FILE:
            raise DataError("encoding.bad_file", file=file, reason=f"> {LARGEST_FILE} bytes")
        return json.loads(file.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise DataError("encoding.bad_file", file=file, reason=str(error)) from None
