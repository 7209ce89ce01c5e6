"""Okapi BM25 (Robertson and Zaragoza 2009, "The Probabilistic Relevance Framework: BM25 and Beyond").

Of a document d and the terms t of a query, with tf the times t occurs in d, df the documents that have t, N all of
them, and L the length of d over the mean length:

    score = sum over t of  log(1 + (N - df + 0.5) / (df + 0.5))  *  tf (k1 + 1) / (tf + k1 (1 - b + b L))

The 1 inside the logarithm keeps frequent terms from counting against a document. A term that the query says twice
counts twice. All that does not depend on the query is computed once: the index is a sparse matrix, terms by documents,
and a search adds up the rows of the query's terms.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy

from tengjia.config.parameters import Limits
from tengjia.errors import CheckpointError
from tengjia.retrieval.arrays import map_array, write_array
from tengjia.utilities.files import read_json, write_json

_FILES = {"pointers": "<i8", "documents": "<i4", "weights": "<f4"}


class BM25:
    """Documents, to be found by their terms.

    Args:
        config: See `Config`.
        terms: Term -> its row.
        pointers: `[V + 1]` int64: where the row of each term begins.
        documents: `[P]` int32: the documents of all rows, rising within each.
        weights: `[P]` float32: what each of them adds to a score.
        count: How many documents there are.
        mean_length: Terms of a document on average.
    """

    limits: ClassVar[Limits] = {"k1": (0.0, None), "b": (0.0, 1.0)}

    @dataclass(frozen=True)
    class Config:
        """Parameters of BM25."""

        k1: float = 1.2
        """How much it counts that a term occurs again; 0: nothing."""

        b: float = 0.75
        """How much long documents are held to be merely wordy; 0: not at all."""

    def __init__(
        self,
        config: Config,
        *,
        terms: Mapping[str, int],
        pointers: numpy.ndarray,
        documents: numpy.ndarray,
        weights: numpy.ndarray,
        count: int,
        mean_length: float,
    ) -> None:
        self.config, self.terms, self.count, self.mean_length = config, dict(terms), count, mean_length
        self.pointers, self.documents, self.weights = pointers, documents, weights

    @classmethod
    def build(cls, documents: Iterable[Sequence[str]], config: Config | None = None) -> BM25:
        """Index documents, each given by its terms."""
        config = config or cls.Config()
        ids: dict[str, int] = {}
        lengths: list[int] = []
        found: list[int] = []
        for document in documents:
            lengths.append(len(document))
            found += [ids.setdefault(term, len(ids)) for term in document]
        count = len(lengths)
        owners = numpy.repeat(numpy.arange(count), lengths)
        cells = numpy.array(found, numpy.int64) * max(count, 1) + owners
        places, times = numpy.unique(cells, return_counts=True)
        rows, columns = places // max(count, 1), places % max(count, 1)
        frequencies = numpy.bincount(rows, minlength=len(ids))
        mean = float(numpy.mean(lengths)) if any(lengths) else 1.0
        relative = numpy.array(lengths)[columns] / mean if count else columns
        weights = _rarity(frequencies, count)[rows] * _saturated(times, relative, config)
        pointers = numpy.concatenate([[0], numpy.cumsum(frequencies)]).astype(numpy.int64)
        return cls(
            config,
            terms=ids,
            pointers=pointers,
            documents=columns.astype(numpy.int32),
            weights=weights.astype(numpy.float32),
            count=count,
            mean_length=mean,
        )

    def scores(self, query: Iterable[str]) -> numpy.ndarray:
        """Scores `[documents]` float32 of a query, given by its terms."""
        total = numpy.zeros(self.count, numpy.float32)
        for term, times in Counter(query).items():
            row = self.terms.get(term)
            if row is not None:
                place = slice(int(self.pointers[row]), int(self.pointers[row + 1]))
                total[self.documents[place]] += times * self.weights[place]  # a document stands once in a row
        return total

    def ideal(self, query: Sequence[str]) -> float:
        """The score that the query itself would get as a document; terms that no document has count as the rarest.

        A score divided by it tells, between about 0 and 1, how much of the query was found.
        """
        times = Counter(query)
        if not times:
            return 0.0
        rows = [self.terms.get(term) for term in times]
        frequencies = [0 if row is None else int(self.pointers[row + 1] - self.pointers[row]) for row in rows]
        counts = numpy.fromiter(times.values(), float, len(times))
        saturated = _saturated(counts, numpy.full(len(times), len(query) / self.mean_length), self.config)
        return float((counts * _rarity(numpy.array(frequencies), self.count) * saturated).sum())

    def save(self, folder: Path) -> None:
        """Write all files that `load` needs."""
        for name, kind in _FILES.items():
            write_array(folder / f"{name}.bin", getattr(self, name), kind)
        facts = {"k1": self.config.k1, "b": self.config.b, "count": self.count, "mean_length": self.mean_length}
        write_json(folder / "bm25.json", {**facts, "terms": list(self.terms)})

    @classmethod
    def load(cls, folder: Path) -> BM25:
        """Read what `save` wrote; the large arrays are mapped.

        Raises:
            CheckpointError: A file is missing, or not as it was written.
        """
        file = folder / "bm25.json"
        try:
            facts = read_json(file)
            config = cls.Config(float(facts["k1"]), float(facts["b"]))
            terms = {str(term): row for row, term in enumerate(facts["terms"])}
            count, mean = int(facts["count"]), float(facts["mean_length"])
            if len(terms) != len(facts["terms"]) or count < 0 or not mean > 0:
                raise ValueError(f"count = {count}, mean_length = {mean}")
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise CheckpointError("retrieval.bad_index", file=file, found=f"{type(error).__name__}: {error}") from None
        pointers = map_array(folder / "pointers.bin", "<i8", [len(terms) + 1])
        cells = int(pointers[-1])
        documents = map_array(folder / "documents.bin", "<i4", [cells])
        if (
            pointers[0]
            or (numpy.diff(pointers) < 0).any()
            or (cells and not 0 <= documents.min() <= documents.max() < count)
        ):
            raise CheckpointError("retrieval.bad_index", file=folder / "documents.bin", found="places out of range")
        weights = map_array(folder / "weights.bin", "<f4", [cells])
        arrays = {"pointers": pointers, "documents": documents, "weights": weights}
        return cls(config, terms=terms, **arrays, count=count, mean_length=mean)


def _rarity(frequencies: numpy.ndarray, count: int) -> numpy.ndarray:
    rarity: numpy.ndarray = numpy.log1p((count - frequencies + 0.5) / (frequencies + 0.5))
    return rarity


def _saturated(times: numpy.ndarray, relative: numpy.ndarray, config: BM25.Config) -> numpy.ndarray:
    grown: numpy.ndarray = times * (config.k1 + 1.0) / (times + config.k1 * (1.0 - config.b + config.b * relative))
    return grown
