"""Learns the pieces of a unigram language model and their probabilities (Kudo 2018), the same every time.

The trainer of the `tokenizers` package gives other pieces at each run, even in one thread, because it goes through
hash tables of random order. This one sorts, and works on all words at once with numpy: begin with all frequent
substrings, fit their probabilities by expectation maximisation, drop those whose loss hurts the likelihood least, and
repeat until few enough are left. Characters are never dropped for their loss.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy
from tqdm import tqdm

_LONGEST_WORD: Final = 40
"""Longer stretches are learnt from in parts, so that no product of probabilities underflows."""

_SEEDS: Final = 4
"""Substrings to begin with, as a multiple of the size asked for."""

_KEPT: Final = 0.75
"""Share of the pieces that survives a round."""

_STEPS: Final = 2
"""Steps of expectation maximisation in each round."""


@dataclass(frozen=True)
class _Lattice:
    """All pieces at all places of many words. E edges, W words; a word of n characters has n + 1 nodes."""

    piece: numpy.ndarray
    """`[E]`: which piece an edge is; the number of pieces for a character that is none."""
    first: numpy.ndarray
    """`[E]`: node at which it begins."""
    last: numpy.ndarray
    """`[E]`: node at which it ends."""
    begins: numpy.ndarray
    """`[W]`: first node of each word."""
    ends: numpy.ndarray
    """`[W]`: last node of each word."""

    def restricted(self, kept: Sequence[int], before: int) -> _Lattice:
        """With only the pieces `kept`, of `before`, numbered anew in this order."""
        numbers = numpy.full(before + 1, -1)
        numbers[[*kept, before]] = numpy.arange(len(kept) + 1)
        piece = numbers[self.piece]
        stays = piece >= 0
        return _Lattice(piece[stays], self.first[stays], self.last[stays], self.begins, self.ends)

    def forward(self, probability: numpy.ndarray) -> numpy.ndarray:
        """Of each node, the probability of everything before it."""
        result = numpy.zeros(int(self.ends[-1]) + 1)
        result[self.begins] = 1.0
        for edges in self._by_end:
            values = result[self.first[edges]] * probability[self.piece[edges]]
            numpy.add.at(result, self.last[edges], values)
        return result

    def backward(self, probability: numpy.ndarray) -> numpy.ndarray:
        """Of each node, the probability of everything behind it."""
        result = numpy.zeros(int(self.ends[-1]) + 1)
        result[self.ends] = 1.0
        for edges in reversed(self._by_start):
            values = result[self.last[edges]] * probability[self.piece[edges]]
            numpy.add.at(result, self.first[edges], values)
        return result

    def expected(self, use: numpy.ndarray, counts: numpy.ndarray) -> numpy.ndarray:
        """How often each piece is used, in expectation, when word w occurs `counts[w]` times and pieces are drawn in
        proportion to `use`; never quite 0."""
        probability = _with_unknown(use / use.sum())
        alpha, beta = self.forward(probability), self.backward(probability)
        scale = numpy.repeat(counts / alpha[self.ends], self.ends - self.begins + 1)
        share = alpha[self.first] * probability[self.piece] * beta[self.last] * scale[self.first]
        return numpy.maximum(numpy.bincount(self.piece, share, minlength=len(probability))[:-1], 1e-6)

    @cached_property
    def _by_end(self) -> list[numpy.ndarray]:
        return self._by_place(self.last)

    @cached_property
    def _by_start(self) -> list[numpy.ndarray]:
        return self._by_place(self.first)

    def _by_place(self, nodes: numpy.ndarray) -> list[numpy.ndarray]:
        """Edges by where in their word the given end of them lies."""
        place = (nodes - self.begins[numpy.searchsorted(self.begins, nodes, side="right") - 1]).astype(numpy.uint8)
        order = numpy.argsort(place, kind="stable")  # of small numbers: by counting, in linear time
        return numpy.split(order, numpy.flatnonzero(numpy.diff(place[order])) + 1)


def learn_unigram(words: Mapping[str, int], *, size: int, longest_piece: int) -> tuple[list[str], list[float]]:
    """Pieces, the likeliest first, and the logarithms of their probabilities.

    Args:
        words: How often each stretch of text occurs that pieces must not cross.
        size: At most so many pieces.
        longest_piece: No piece has more characters.
    """
    counts = _parts(words)
    seeds = _seeds(counts, size, longest_piece)
    kept, use = list(seeds), numpy.array(list(seeds.values()))
    weights = numpy.array(list(counts.values()), numpy.float64)
    lattice = _lattice(list(counts), kept, longest_piece)
    for _ in tqdm(itertools.count(), desc="learning pieces", unit="round", disable=None, leave=False):
        for _ in range(_STEPS):
            use = lattice.expected(use, weights)
        if len(kept) <= size:
            break
        order = _by_loss(kept, use, longest_piece)
        survivors = sorted(order[: max(size, int(len(kept) * _KEPT))])
        lattice = lattice.restricted(survivors, len(kept))
        kept, use = [kept[i] for i in survivors], use[survivors]
    scores = numpy.log(use / use.sum())
    ranked = sorted(range(len(kept)), key=lambda i: (-scores[i], kept[i]))
    return [kept[i] for i in ranked], [float(min(scores[i], 0.0)) for i in ranked]


def _parts(words: Mapping[str, int]) -> Counter[str]:
    parts: Counter[str] = Counter()
    for word in sorted(words):
        for start in range(0, len(word), _LONGEST_WORD):
            parts[word[start : start + _LONGEST_WORD]] += words[word]
    return parts


def _seeds(words: Mapping[str, int], size: int, longest_piece: int) -> dict[str, float]:
    """Characters, and the frequent longer substrings, with how often each occurs."""
    found: Counter[str] = Counter()
    for word, count in words.items():
        for start in range(len(word)):
            for end in range(start + 1, min(start + longest_piece, len(word)) + 1):
                found[word[start:end]] += count
    characters = sorted((p for p in found if len(p) == 1), key=lambda p: (-found[p], p))[:size]
    longer = [piece for piece, count in found.items() if len(piece) > 1 and count > 1]
    longer.sort(key=lambda piece: (-found[piece] * len(piece), piece))
    return {piece: float(found[piece]) for piece in (*characters, *longer[: size * _SEEDS])}


def _lattice(words: Sequence[str], pieces: Sequence[str], longest_piece: int, whole: bool = True) -> _Lattice:
    """All places of pieces in words; without `whole`, those where a piece is a word of its own are left out."""
    ids = {piece: number for number, piece in enumerate(pieces)}
    lengths = numpy.array([len(word) for word in words])
    begins = numpy.cumsum(lengths + 1) - lengths - 1
    edges = list[tuple[int, int, int]]()
    for word, base in zip(words, begins.tolist()):
        for start in range(len(word)):
            for end in range(start + 1, min(start + longest_piece, len(word)) + 1):
                # A character that is no piece is an edge too, so that every word has a way through.
                number = ids.get(word[start:end], len(ids) if end == start + 1 else -1)
                if number >= 0 and (whole or end - start < len(word)):
                    edges.append((number, base + start, base + end))
    piece, first, last = numpy.array(edges, numpy.int64).reshape(-1, 3).T
    return _Lattice(piece, first, last, begins, begins + lengths)


def _by_loss(pieces: Sequence[str], use: numpy.ndarray, longest_piece: int) -> list[int]:
    """Pieces in the order in which they are kept: characters, then those without which the text is less likely."""
    probability = _with_unknown(use / use.sum())
    lattice = _lattice(pieces, pieces, longest_piece, whole=False)
    others = lattice.forward(probability)[lattice.ends]
    single = numpy.array([len(piece) == 1 for piece in pieces])
    others[single] = 0.5  # has no other way; it is kept anyway
    loss = numpy.where(single, numpy.inf, use * (numpy.log(probability[:-1]) - numpy.log(others)))
    return sorted(range(len(pieces)), key=lambda i: (-loss[i], pieces[i]))


def _with_unknown(probability: numpy.ndarray) -> numpy.ndarray:
    """Also a probability, far below all others, for a character that is no piece."""
    return numpy.append(probability, probability.min() * 1e-3)
