"""From what a model says to scores of the data: fitted on the development part, kept in the bundle."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy

from tengjia.data.scale import Scale
from tengjia.metrics.thresholds import Thresholds

MOST_KNOTS: Final = 100
LEAST_PAIRS: Final = 10
"""With fewer pairs nothing is fitted: what came out would be chance."""
LEAST_STEEP: Final = 1e-9


class Calibration:
    """How scores are brought to the scale of the data."""

    @dataclass(frozen=True)
    class Config:
        """The section `calibration`."""

        method: Literal["linear", "isotonic", "none"] = "linear"
        """`linear`: the straight line of least squares; `isotonic`: steps that never fall, for many examples (several
        hundred); `none`: the model's own score from 0 to 1, stretched over the scale."""

        relevant: float | None = None
        """From this score on, on the scale of the data, two texts fit (yes or no); null: from its middle on."""


@dataclass(frozen=True)
class Options:
    """How what the model says becomes an answer; kept in the bundle."""

    said: tuple[float, ...] = (0.0, 1.0)
    """What the model says at the knots of the curve, rising."""

    meant: tuple[float, ...] = (0.0, 1.0)
    """What that means on the scale from 0 to 1, never falling; between the knots lie straight lines."""

    threshold: float = 0.5
    """From this score from 0 to 1 on, the answer is that the texts fit."""

    def __post_init__(self) -> None:
        rises = all(low < high for low, high in zip(self.said, self.said[1:]))
        never_falls = all(low <= high for low, high in zip(self.meant, self.meant[1:]))
        if not (len(self.said) == len(self.meant) >= 2 and rises and never_falls):
            raise ValueError("said, meant")

    def applied(self, scores: numpy.ndarray) -> numpy.ndarray:
        """Scores `[N]` of the model on the scale from 0 to 1; what lies beyond the knots goes on straight, to the end
        of the scale."""
        given, said, meant = (numpy.asarray(v, numpy.float64) for v in (scores, self.said, self.meant))
        inner = numpy.interp(given, said, meant)
        below = meant[0] + (given - said[0]) * (meant[1] - meant[0]) / (said[1] - said[0])
        above = meant[-1] + (given - said[-1]) * (meant[-1] - meant[-2]) / (said[-1] - said[-2])
        result = numpy.where(given < said[0], below, numpy.where(given > said[-1], above, inner))
        clipped: numpy.ndarray = numpy.clip(result, 0.0, 1.0)
        return clipped


def fitted(config: Calibration.Config, scores: numpy.ndarray, gold: numpy.ndarray, scale: Scale) -> Options:
    """The options that fit pairs best.

    Args:
        config: The section `calibration`.
        scores: `[N]` what the model says of them.
        gold: `[N]` their scores from 0 to 1; NaN where not known.
        scale: The scale of the data.
    """
    known = numpy.isfinite(gold) & numpy.isfinite(scores)
    said, meant = numpy.asarray(scores, numpy.float64)[known], numpy.asarray(gold, numpy.float64)[known]
    options = Options()
    if config.method != "none" and len(said) >= LEAST_PAIRS and numpy.ptp(said) > 0 and numpy.ptp(meant) > 0:
        options = _line(said, meant) if config.method == "linear" else _isotonic(said, meant)
    relevant = scale.relevant(config.relevant)
    best = Thresholds(options.applied(said), meant >= relevant).f1()
    decided = len(said) >= LEAST_PAIRS and numpy.isfinite(best.threshold)
    return Options(options.said, options.meant, best.threshold if decided else relevant)


def _line(said: numpy.ndarray, meant: numpy.ndarray) -> Options:
    """The line of least squares; where what the model says falls as scores rise, the mean for all."""
    middle = said.mean()
    slope = float(((said - middle) * (meant - meant.mean())).sum() / ((said - middle) ** 2).sum())
    ends = numpy.array([said.min(), said.max()])
    values = meant.mean() + max(slope, 0.0) * (ends - middle)
    return Options(tuple(map(float, ends)), tuple(map(float, values)))


def _isotonic(said: numpy.ndarray, meant: numpy.ndarray) -> Options:
    """The best curve that never falls (pool adjacent violators, Ayer et al. 1955), in at most `MOST_KNOTS` knots."""
    places, where, counts = numpy.unique(said, return_inverse=True, return_counts=True)
    means = numpy.bincount(where, meant) / counts
    levels = pooled_adjacent(means, counts)
    chosen = numpy.unique(numpy.linspace(0, len(places) - 1, MOST_KNOTS).round().astype(int))
    return Options(tuple(map(float, places[chosen])), tuple(map(float, levels[chosen])))


def pooled_adjacent(values: Sequence[float] | numpy.ndarray, weights: Sequence[float] | numpy.ndarray) -> numpy.ndarray:
    """The row nearest to `values` (weighted squares) that never falls."""
    blocks: list[list[float]] = []  # mean, weight, how many
    for value, weight in zip(values, weights):
        blocks.append([float(value), float(weight), 1])
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            mean, total, count = blocks.pop()
            before = blocks[-1]
            before[0] = (before[0] * before[1] + mean * total) / (before[1] + total)
            before[1], before[2] = before[1] + total, before[2] + count
    return numpy.repeat([block[0] for block in blocks], [int(block[2]) for block in blocks])
