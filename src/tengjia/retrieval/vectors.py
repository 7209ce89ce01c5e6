"""Texts as vectors: the mean of the vectors of their words, where no model is trained for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy

from tengjia.errors import CheckpointError
from tengjia.retrieval.arrays import map_array, write_array
from tengjia.retrieval.terms import TermKind, splitter
from tengjia.utilities.files import read_json, write_json

Embedder = Callable[[Sequence[str]], numpy.ndarray]
"""Texts -> vectors `[texts, width]`; zeros for a text of which nothing is known."""

SMOOTHING: Final = 1e-3
"""The a of smooth inverse frequency (Arora et al. 2017)."""


def normalised(vectors: numpy.ndarray) -> numpy.ndarray:
    """Vectors `[N, H]` float32 of length 1, so that products are cosines; zeros stay zeros."""
    vectors = numpy.asarray(vectors, numpy.float32)
    lengths = numpy.linalg.norm(vectors, axis=-1, keepdims=True)
    result: numpy.ndarray = vectors / numpy.where(lengths > 0, lengths, 1.0)
    return result


class AveragedWords:
    """The mean of the vectors of a text's words, frequent words counting little.

    Smooth inverse frequency: a word that is the share p of all words weighs `a / (a + p)` (Arora et al. 2017, "A Simple
    but Tough-to-Beat Baseline for Sentence Embeddings"; without its last step, the removal of a common direction).

    Args:
        kind: How texts are cut; words of ideographs that have no vector are taken as their characters.
        rows: Word -> row of `matrix`.
        matrix: `[V, H]` float32: vectors, each times the weight of its word.
    """

    def __init__(self, kind: TermKind, rows: Mapping[str, int], matrix: numpy.ndarray) -> None:
        self.kind, self.rows, self.matrix = kind, dict(rows), matrix
        self._split = splitter(kind)

    @classmethod
    def build(cls, kind: TermKind, words: Sequence[str], vectors: numpy.ndarray, texts: Iterable[str]) -> AveragedWords:
        """Weigh words by how often texts say them.

        Args:
            kind: How texts are cut.
            words: Words that have vectors.
            vectors: `[V, H]`, rows of NaN where there is none.
            texts: A sample of the language, the indexed texts for instance.
        """
        counts = Counter(term for text in texts for term in splitter(kind)(text))
        total = max(1, counts.total())
        shares = numpy.array([counts[word] / total for word in words], numpy.float32)
        known = ~numpy.isnan(vectors).any(axis=1)
        weighted = vectors[known] * (SMOOTHING / (SMOOTHING + shares[known]))[:, None]
        kept = [word for word, one in zip(words, known.tolist()) if one]
        return cls(kind, {word: row for row, word in enumerate(kept)}, weighted.astype(numpy.float32))

    def __call__(self, texts: Sequence[str]) -> numpy.ndarray:
        """Vectors `[texts, H]` float32 of length 1; zeros for texts without a known word."""
        result = numpy.zeros((len(texts), self.matrix.shape[1]), numpy.float32)
        for number, text in enumerate(texts):
            rows = [row for term in self._split(text) for row in self._known(term)]
            if rows:
                result[number] = self.matrix[rows].mean(axis=0)
        return normalised(result)

    def _known(self, term: str) -> list[int]:
        if term in self.rows:
            return [self.rows[term]]
        return [] if term.isascii() else [self.rows[one] for one in term if one in self.rows]

    def save(self, folder: Path) -> None:
        """Write all files that `load` needs."""
        write_array(folder / "words.bin", self.matrix, "<f4")
        write_json(folder / "words.json", {"kind": self.kind, "width": self.matrix.shape[1], "words": list(self.rows)})

    @classmethod
    def load(cls, folder: Path) -> AveragedWords:
        """Read what `save` wrote; the vectors are mapped.

        Raises:
            CheckpointError: A file is missing, or not as it was written.
        """
        file = folder / "words.json"
        try:
            facts = read_json(file)
            kind, words, width = facts["kind"], list(map(str, facts["words"])), int(facts["width"])
            splitter(kind)
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise CheckpointError("retrieval.bad_index", file=file, found=f"{type(error).__name__}: {error}") from None
        matrix = map_array(folder / "words.bin", "<f4", [len(words), width])
        return cls(kind, {word: row for row, word in enumerate(words)}, matrix)
