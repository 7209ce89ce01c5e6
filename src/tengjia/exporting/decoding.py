"""How the scores of a graph become tags and probabilities, with numpy alone.

A twin of `tengjia.layers.viterbi` and `tengjia.layers.crf_marginals`, which stand on torch: the tests hold that both
give the same. Marginals run both directions in one recurrence of probabilities (Rabiner 1989, section V.A), in float64,
rescaled at each step; the few sequences for which float64 is too narrow are done again in log space.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy

from tengjia.utilities.one_thread import products_by_one_thread

SMALLEST: Final = 1e-150
"""Where the weight of all paths through a unit falls below it, something that counts may have underflowed."""

Decoded = tuple[numpy.ndarray, numpy.ndarray]


class SoftmaxDecoder:
    """Chooses each tag by itself."""

    def __call__(self, scores: numpy.ndarray, mask: numpy.ndarray) -> Decoded:
        """Tags `[B, T]` and probabilities `[B, T, C]`, 0 where `mask` `[B, T]` is false."""
        tags = numpy.where(mask, scores.argmax(-1), 0)
        weights = numpy.exp(scores - scores.max(-1, keepdims=True))
        weights /= weights.sum(-1, keepdims=True)
        return tags, numpy.where(mask[..., None], weights, 0.0)


@dataclass(frozen=True)
class CRFDecoder:
    """Takes the best path of a conditional random field; what is forbidden is among the transitions already."""

    transitions: numpy.ndarray
    """`[C, C]` float32: of a tag (row) followed by a tag (column)."""

    start: numpy.ndarray
    """`[C]` float32: of the first tag."""

    end: numpy.ndarray
    """`[C]` float32: of the last tag."""

    def __call__(self, scores: numpy.ndarray, mask: numpy.ndarray) -> Decoded:
        """Tags `[B, T]` and probabilities `[B, T, C]`, 0 in the padding.

        Args:
            scores: `[B, T, C]` float32.
            mask: `[B, T]` bool, right-padded; each sequence has at least one unit.
        """
        return self.viterbi(scores, mask), self.marginals(scores, mask)

    def viterbi(self, scores: numpy.ndarray, mask: numpy.ndarray) -> numpy.ndarray:
        """The best tags `[B, T]`, 0 in the padding."""
        best = scores.transpose(1, 2, 0).copy()
        best[0] += self.start[:, None]
        for number in range(1, len(best)):
            best[number] += (best[number - 1][:, None] + self.transitions[..., None]).max(0)
        return numpy.where(mask, self._way_back(best, mask), 0)

    def _way_back(self, best: numpy.ndarray, mask: numpy.ndarray) -> numpy.ndarray:
        """Tags `[B, T]` from the best scores `[T, C, B]`. One more tag stands for "after the end"."""
        steps, tags, count = best.shape
        outside = ~mask.T
        table = numpy.full((steps, count, tags + 1), -numpy.inf, best.dtype)
        table[..., :tags] = numpy.where(outside[..., None], -numpy.inf, best.transpose(0, 2, 1))
        table[..., tags][outside] = 0.0
        back = numpy.zeros((tags + 1, tags + 1), best.dtype)
        back[:tags, :tags] = self.transitions.T
        back[tags, :tags] = self.end
        path = numpy.empty((steps, count), numpy.int64)
        current = numpy.full(count, tags)
        for number in range(steps - 1, -1, -1):
            current = path[number] = (table[number] + back[current]).argmax(1)
        return path.T

    def marginals(self, scores: numpy.ndarray, mask: numpy.ndarray) -> numpy.ndarray:
        """Probability `[B, T, C]` float32 of each tag at each unit given the whole sequence, 0 in the padding."""
        result, sound = self._scaled(scores, mask)
        for row in numpy.flatnonzero(~sound):
            length = int(mask[row].sum())
            result[row, :length] = self._in_log_space(scores[row, :length].astype(numpy.float64))
        return result.astype(numpy.float32)

    def _scaled(self, scores: numpy.ndarray, mask: numpy.ndarray) -> Decoded:
        """Marginals in float64, and of each sequence `[B]` whether they can be relied on."""
        count, length, tags = scores.shape
        lengths = mask.sum(1)
        emissions = numpy.where(mask[..., None], scores, 0.0).astype(numpy.float64)
        emissions = numpy.exp(emissions - emissions.max(-1, keepdims=True)).transpose(1, 0, 2)
        turned = _turned(lengths, length)
        both = numpy.stack([emissions, _at(emissions, turned)], 1)
        start, end, steps = (numpy.exp(part - part.max()) for part in (self._wide(name) for name in _PARTS))
        matrices = numpy.stack([steps, steps.T])
        before = numpy.empty((length, 2, count, tags))
        after = numpy.empty_like(before)
        scales = numpy.empty((length, 2, count, 1))
        before[0] = numpy.stack([start, end])[:, None]
        with products_by_one_thread():
            for number in range(length):
                if number:
                    numpy.matmul(after[number - 1], matrices, out=before[number])
                numpy.multiply(before[number], both[number], out=after[number])
                after[number].sum(-1, keepdims=True, out=scales[number])
                numpy.divide(after[number], scales[number], out=after[number], where=scales[number] > 0)
        weights = after[:, 0] * _at(before[:, 1], turned)
        totals = weights.sum(-1, keepdims=True)
        inside = mask.T[..., None]
        small = (totals < SMALLEST) | (scales[:, 0] < SMALLEST) | (scales[:, 1] < SMALLEST)
        marginals = numpy.divide(weights, totals, out=numpy.zeros_like(weights), where=inside & (totals > 0))
        return marginals.transpose(1, 0, 2), ~(small & inside).any((0, 2))

    def _in_log_space(self, scores: numpy.ndarray) -> numpy.ndarray:
        """Marginals `[T, C]` of one sequence `[T, C]`: slow, and exact for every finite score."""
        start, end, steps = (self._wide(name) for name in _PARTS)
        forward, backward = scores.copy(), numpy.empty_like(scores)
        forward[0] += start
        for number in range(1, len(scores)):
            forward[number] += _log_sum(forward[number - 1][:, None] + steps, 0)
        backward[-1] = end
        for number in range(len(scores) - 2, -1, -1):
            backward[number] = _log_sum(steps + (scores[number + 1] + backward[number + 1]), 1)
        weights = forward + backward
        marginals: numpy.ndarray = numpy.exp(weights - _log_sum(weights, 1)[:, None])
        return marginals

    def _wide(self, name: str) -> numpy.ndarray:
        values: numpy.ndarray = getattr(self, name).astype(numpy.float64)
        return values


_PARTS: Final = ("start", "end", "transitions")


def _turned(lengths: numpy.ndarray, steps: int) -> numpy.ndarray:
    """Index `[T, B]` that turns each sequence round in its own place; padding stays."""
    positions = numpy.arange(steps)[:, None]
    turned = lengths - 1 - positions
    return numpy.where(turned >= 0, turned, positions)


def _at(values: numpy.ndarray, index: numpy.ndarray) -> numpy.ndarray:
    """`values` `[T, B, C]` with the units of each sequence as `index` `[T, B]` says."""
    return numpy.take_along_axis(values, index[..., None], 0)


def _log_sum(values: numpy.ndarray, axis: int) -> numpy.ndarray:
    """Log of the sum of exponentials along an axis."""
    top = values.max(axis, keepdims=True)
    summed: numpy.ndarray = numpy.log(numpy.exp(values - top).sum(axis)) + top.squeeze(axis)
    return summed
