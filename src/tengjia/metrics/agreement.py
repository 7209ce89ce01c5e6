"""How far scores agree with gold scores: correlation, error, chance-corrected agreement.

All but the rank correlation follow from six sums (`SUMS`), so that sums of parts, and of draws, give the figures of
the whole.
"""

from __future__ import annotations

from typing import Final

import numpy

from tengjia.metrics.scores import ratio

SUMS: Final = 6
"""Number of pairs, sum of x, of y, of x squared, of y squared, of x times y."""

LEAST_SPREAD: Final = 1e-12
"""A variance below this share of the mean square is rounding, not spread: the scores are all one."""


def sums(predicted: numpy.ndarray, gold: numpy.ndarray) -> numpy.ndarray:
    """What the figures below are made from, of each pair: `[N, 6]` float64 of scores `[N]` and gold scores `[N]`.

    Subtract the same number from both first if they lie far from 0: no figure changes, and less is lost by rounding.
    """
    x, y = numpy.asarray(predicted, numpy.float64), numpy.asarray(gold, numpy.float64)
    return numpy.stack([numpy.ones_like(x), x, y, x * x, y * y, x * y], axis=-1)


def pearson(totals: numpy.ndarray) -> numpy.ndarray:
    """Correlation of sums `[..., 6]`; NaN where one of the two has no spread (Pearson 1895)."""
    count, x, y, xx, yy, xy = _parts(totals)
    spread_x, spread_y = _spread(count, x, xx), _spread(count, y, yy)
    together = xy - ratio(x * y, count)
    result: numpy.ndarray = numpy.full_like(together, numpy.nan)
    numpy.divide(together, numpy.sqrt(spread_x * spread_y), out=result, where=(spread_x > 0) & (spread_y > 0))
    clipped: numpy.ndarray = numpy.clip(result, -1.0, 1.0)
    return clipped


def rmse(totals: numpy.ndarray) -> numpy.ndarray:
    """Root of the mean squared error, of sums `[..., 6]`; 0 of no pair."""
    count, _, _, xx, yy, xy = _parts(totals)
    root: numpy.ndarray = numpy.sqrt(numpy.maximum(ratio(xx + yy - 2 * xy, count), 0.0))
    return root


def quadratic_kappa(totals: numpy.ndarray) -> numpy.ndarray:
    """Quadratically weighted kappa (Cohen 1968) of sums `[..., 6]` of rounded scores; NaN where all are one score.

    With weights (i - j)^2 the table of counts is not needed: what is observed is the sum of the squared differences,
    and what chance gives is that over all pairs of a score and a gold score, divided by their number.
    """
    count, x, y, xx, yy, xy = _parts(totals)
    observed, chance = xx + yy - 2 * xy, xx + yy - 2 * ratio(x * y, count)
    there = chance > LEAST_SPREAD * (xx + yy)
    result: numpy.ndarray = numpy.full_like(chance, numpy.nan)
    numpy.divide(observed, chance, out=result, where=there)
    return 1.0 - result


def mean_absolute_error(predicted: numpy.ndarray, gold: numpy.ndarray) -> float:
    """Mean distance of scores `[N]` from gold scores `[N]`; 0 of no pair."""
    apart = numpy.abs(numpy.asarray(predicted, numpy.float64) - numpy.asarray(gold, numpy.float64))
    return float(apart.mean()) if len(apart) else 0.0


def spearman(predicted: numpy.ndarray, gold: numpy.ndarray) -> float:
    """Correlation of ranks (Spearman 1904) of scores `[N]`, ties at their mean rank; NaN without spread."""
    first, second = ranks(predicted), ranks(gold)
    if not len(first):
        return float("nan")
    middle = first.mean()
    return float(pearson(sums(first - middle, second - middle).sum(axis=0)))


def ranks(values: numpy.ndarray) -> numpy.ndarray:
    """Ranks `[N]` from 1; equal values share the mean of theirs."""
    _, places, counts = numpy.unique(values, return_inverse=True, return_counts=True)
    last = numpy.cumsum(counts)
    mean: numpy.ndarray = (last - (counts - 1) / 2)[places]
    return mean


def rounded(scores: numpy.ndarray, low: float, high: float, step: float) -> numpy.ndarray:
    """Scores brought to the grid `low`, `low + step`, ... up to `high`, for agreement measures of grades."""
    steps = numpy.round((numpy.asarray(scores, numpy.float64) - low) / step)
    result: numpy.ndarray = low + numpy.clip(steps, 0, round((high - low) / step)) * step
    return result


def usual_step(low: float, high: float) -> float:
    """The step of a grade where nobody says another: 1 on scales of some width, else a tenth of the scale."""
    return 1.0 if high - low > 2 else (high - low) / 10


def _parts(totals: numpy.ndarray) -> tuple[numpy.ndarray, ...]:
    return tuple(numpy.moveaxis(numpy.asarray(totals, numpy.float64), -1, 0))


def _spread(count: numpy.ndarray, total: numpy.ndarray, squares: numpy.ndarray) -> numpy.ndarray:
    """Sum of the squared deviations from the mean, 0 where it is mere rounding."""
    spread = squares - ratio(total * total, count)
    result: numpy.ndarray = numpy.where(spread > LEAST_SPREAD * squares, spread, 0.0)
    return result
