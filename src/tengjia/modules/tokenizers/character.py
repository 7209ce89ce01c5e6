"""Cuts text in single characters, keeping Latin words and numbers whole by choice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy

from tengjia.contracts import TokenArrays, Tokens
from tengjia.registry import tokenizers
from tengjia.text.characters import DIGIT, KINDS, LETTER, SPACE, code_points, half_width


@tokenizers.register("character")
class CharacterTokenizer:
    """One piece a character (Unicode code point): what Chinese taggers without a language model read.

    Every character that is not white space belongs to exactly one piece, zero-width and control characters too.
    """

    @dataclass(frozen=True)
    class Config:
        """Options of `CharacterTokenizer`."""

        words: Literal["split", "whole"] = "split"
        """Latin (Greek, Cyrillic, ...) words: one piece a letter, or a run of letters and combining marks as one."""

        numbers: Literal["split", "whole"] = "split"
        """One piece a digit, or a run of digits as one piece."""

        whitespace: Literal["drop", "keep", "merge"] = "drop"
        """No piece, one piece for each white-space character, or one piece (a blank) for each run of them."""

        lowercase: bool = False
        """Write pieces in lower case; offsets still tell the original."""

        fold_width: bool = False
        """Write full-width letters, digits and signs of pieces in half width; offsets still tell the original."""

    frame = None

    def __init__(self, config: Config, *, roots: object = None) -> None:
        self.config = config
        whole = {LETTER: config.words == "whole", DIGIT: config.numbers == "whole", SPACE: config.whitespace == "merge"}
        self._whole = frozenset(kind for kind, joined in whole.items() if joined)
        self._drops = config.whitespace == "drop"
        self._changes = config.lowercase or config.fold_width or config.whitespace == "merge"

    def tokenize(self, text: str) -> Tokens:
        """Cut one text."""
        kinds = [KINDS[character] for character in text]
        if not self._whole:
            starts = [i for i, kind in enumerate(kinds) if kind != SPACE] if self._drops else list(range(len(text)))
            return Tokens(self._pieces([text[i] for i in starts]), starts, [i + 1 for i in starts])
        starts, ends, previous = list[int](), list[int](), -1
        for i, kind in enumerate(kinds):
            if kind == previous and kind in self._whole:
                ends[-1] = i + 1
            elif kind != SPACE or not self._drops:
                starts.append(i)
                ends.append(i + 1)
            previous = kind
        return Tokens(self._pieces([text[s:e] for s, e in zip(starts, ends)]), starts, ends)

    def tokenize_many(self, texts: Sequence[str]) -> TokenArrays:
        """Cut many texts at once, exactly as `tokenize` cuts each; tens of millions of characters a second."""
        codes, lengths = code_points(texts)
        symbols, codes = _distinct(codes)
        first = numpy.repeat(numpy.cumsum(lengths) - lengths, lengths)
        starts, ends = self._bounds(numpy.array([KINDS[s] for s in symbols], numpy.int8)[codes], first)
        pieces: dict[str, int] = {}
        single = numpy.array([pieces.setdefault(self._piece(s), len(pieces)) for s in symbols], numpy.int32)
        result = single[codes[starts]]
        if self._whole:
            joined = "".join(texts)
            for i in numpy.flatnonzero(ends - starts > 1).tolist():
                piece = self._piece(joined[starts[i] : ends[i]])
                result[i] = pieces.setdefault(piece, len(pieces))
        counts = numpy.diff(numpy.searchsorted(starts, numpy.concatenate([[0], numpy.cumsum(lengths)])))
        local = first[starts]
        narrow = numpy.int32
        return TokenArrays(
            list(pieces), result, (starts - local).astype(narrow), (ends - local).astype(narrow), None, counts
        )

    def _bounds(self, kinds: numpy.ndarray, first: numpy.ndarray) -> tuple[numpy.ndarray, numpy.ndarray]:
        """Where pieces start and end in the joined texts; `first[i]` is where the text of character i begins."""
        begins = kinds != SPACE if self._drops else numpy.ones(len(kinds), bool)
        if not self._whole:
            starts = numpy.flatnonzero(begins)
            return starts, starts + 1
        same = numpy.zeros(len(kinds), bool)
        same[1:] = (kinds[1:] == kinds[:-1]) & (first[1:] == first[:-1])
        same &= numpy.isin(kinds, list(self._whole))
        starts = numpy.flatnonzero(begins & ~same)
        stops = numpy.append(~(begins & same)[1:], True) if len(kinds) else begins
        return starts, numpy.flatnonzero(begins & stops) + 1

    def _pieces(self, cut: list[str]) -> list[str]:
        return list(map(self._piece, cut)) if self._changes else cut

    def _piece(self, text: str) -> str:
        if self.config.whitespace == "merge" and text.isspace():
            return " "
        text = half_width(text) if self.config.fold_width else text
        return text.lower() if self.config.lowercase else text

    def fit(self, texts: Iterable[str]) -> None:
        """Nothing to learn."""

    def vocabulary(self) -> None:
        """None of its own: pieces are counted in the training texts."""

    def save(self, folder: Path) -> None:
        """Nothing to write: the config says all."""

    def load(self, folder: Path) -> None:
        """Nothing to read."""


def _distinct(codes: numpy.ndarray) -> tuple[list[str], numpy.ndarray]:
    """The distinct characters, and which of them each one is; by table, much faster than by sorting."""
    seen = numpy.zeros(0x110000, bool)
    seen[codes] = True
    present = numpy.flatnonzero(seen)
    rank = numpy.zeros(0x110000, numpy.int32)
    rank[present] = numpy.arange(len(present), dtype=numpy.int32)
    return [chr(code) for code in present.tolist()], rank[codes]
