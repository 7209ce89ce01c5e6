"""How good rankings are: the candidates of each query, sorted by score, against how well they really fit.

Candidates with equal scores count in the worst order, so that a model which says the same of all gains nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy


@dataclass(frozen=True)
class Rankings:
    """The candidates of Q queries, N in all, each query's in its order, the best score first."""

    query: numpy.ndarray
    """`[N]` int64: number of the query, 0 to Q - 1, ascending."""
    place: numpy.ndarray
    """`[N]` int64: place in the ranking, from 0."""
    gold: numpy.ndarray
    """`[N]` float64: how well the candidate really fits."""
    names: numpy.ndarray
    """`[Q]`: the group that each query stands for."""
    rows: numpy.ndarray
    """`[N]` int64: which of the rows that were given each candidate is."""

    @classmethod
    def of(cls, scores: numpy.ndarray, gold: numpy.ndarray, groups: numpy.ndarray) -> Rankings:
        """Rank the rows `[N]` of each group; groups of one are left out, for there is nothing to rank."""
        names, query, counts = numpy.unique(groups, return_inverse=True, return_counts=True)
        kept = numpy.flatnonzero(counts[query] > 1)
        order = kept[numpy.lexsort((gold[kept], -numpy.asarray(scores, numpy.float64)[kept], query[kept]))]
        several = numpy.flatnonzero(counts > 1)
        again = numpy.searchsorted(several, query[order])
        return cls(again, _places(again), numpy.asarray(gold, numpy.float64)[order], names[several], order)

    def __len__(self) -> int:
        return len(self.names)

    def reciprocal_rank(self, relevant: float) -> numpy.ndarray:
        """`[Q]`: one divided by the rank of the first relevant candidate; NaN where none is (Voorhees 1999)."""
        first = numpy.full(len(self), numpy.inf)
        right = self.gold >= relevant
        numpy.minimum.at(first, self.query[right], self.place[right] + 1.0)
        return numpy.where(numpy.isfinite(first), 1.0 / first, numpy.nan)

    def recall(self, relevant: float, cutoff: int) -> numpy.ndarray:
        """`[Q]`: share of the relevant candidates that stand among the first; NaN where there is none."""
        right = (self.gold >= relevant).astype(numpy.float64)
        found = numpy.bincount(self.query, right * (self.place < cutoff), minlength=len(self))
        return _share(found, numpy.bincount(self.query, right, minlength=len(self)))

    def ndcg(self, cutoff: int) -> numpy.ndarray:
        """`[Q]`: normalised discounted cumulative gain (Järvelin and Kekäläinen 2002), the gold score as gain.

        NaN where no candidate fits at all.
        """
        found = self._gain(self.gold, cutoff)
        best = self.gold[numpy.lexsort((-self.gold, self.query))]  # `query` is sorted, so places are the same
        return _share(found, self._gain(best, cutoff))

    def _gain(self, gold: numpy.ndarray, cutoff: int) -> numpy.ndarray:
        worth = gold / numpy.log2(self.place + 2.0) * (self.place < cutoff)
        return numpy.bincount(self.query, worth, minlength=len(self))


def mean_of_known(values: numpy.ndarray) -> float:
    """Mean of the figures that are known; NaN where none is."""
    known = values[~numpy.isnan(values)]
    return float(known.mean()) if len(known) else float("nan")


def _places(query: numpy.ndarray) -> numpy.ndarray:
    if not len(query):
        return numpy.empty(0, numpy.int64)
    begins = numpy.flatnonzero(numpy.r_[True, query[1:] != query[:-1]])
    counts = numpy.diff(numpy.r_[begins, len(query)])
    places: numpy.ndarray = numpy.arange(len(query)) - numpy.repeat(begins, counts)
    return places


def _share(found: numpy.ndarray, whole: numpy.ndarray) -> numpy.ndarray:
    result: numpy.ndarray = numpy.full(len(whole), numpy.nan)
    numpy.divide(found, whole, out=result, where=whole > 0)
    return result
