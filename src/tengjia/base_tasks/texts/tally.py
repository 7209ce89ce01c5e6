"""How often pieces, and pairs of neighbours, occur."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy

from tengjia.contracts import Tokenizer
from tengjia.data.token_arrays import cut


class Counts(NamedTuple):
    """The counts of a chunk of texts."""

    pieces: list[str]
    """The distinct pieces."""
    numbers: numpy.ndarray
    """How often each occurs."""
    pairs: numpy.ndarray
    """`[P, 2]`: left and right piece, as places in `pieces`; `len(pieces)` stands for the end of a text."""
    pair_numbers: numpy.ndarray
    """How often each pair occurs."""


def counted(tokenizer: Tokenizer, texts: Sequence[str], *, pairs: bool) -> Counts:
    """Count the pieces of texts, and the pairs of neighbours."""
    tokens = cut(tokenizer, texts)
    distinct = len(tokens.pieces)
    numbers = numpy.bincount(tokens.codes, minlength=distinct)
    if not pairs:
        return Counts(tokens.pieces, numbers, numpy.empty((0, 2), numpy.int64), numpy.empty(0, numpy.int64))
    following = numpy.append(tokens.codes[1:], distinct).astype(numpy.int64)
    following[numpy.cumsum(tokens.counts)[tokens.counts > 0] - 1] = distinct
    keys, pair_numbers = numpy.unique(tokens.codes * numpy.int64(distinct + 1) + following, return_counts=True)
    return Counts(tokens.pieces, numbers, numpy.stack(numpy.divmod(keys, distinct + 1), axis=1), pair_numbers)


@dataclass
class Tally:
    """The counts of many chunks; the order of the chunks changes nothing."""

    pieces: Counter[str] = field(default_factory=Counter)
    pairs: Counter[tuple[str, str | None]] = field(default_factory=Counter)
    """With `None` for the end of a text."""

    def add(self, counts: Counts) -> None:
        """Add a chunk."""
        self.pieces.update(dict(zip(counts.pieces, counts.numbers.tolist())))
        if len(counts.pairs):
            names = [*counts.pieces, None]
            for (left, right), number in zip(counts.pairs.tolist(), counts.pair_numbers.tolist()):
                self.pairs[counts.pieces[left], names[right]] += number
