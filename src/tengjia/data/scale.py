"""The scale on which pairs of texts are scored."""

from __future__ import annotations

from dataclasses import dataclass

import numpy


@dataclass(frozen=True)
class Scale:
    """Scores from `low` (do not fit at all) to `high` (mean the same); models compute with 0 to 1."""

    low: float = 0.0
    high: float = 1.0

    def __len__(self) -> int:
        return 1

    def to_unit(self, scores: numpy.ndarray) -> numpy.ndarray:
        """Scores of the data as 0 to 1, float32."""
        return ((numpy.asarray(scores, numpy.float64) - self.low) / (self.high - self.low)).astype(numpy.float32)

    def from_unit(self, scores: numpy.ndarray) -> numpy.ndarray:
        """Numbers from 0 to 1 as scores of the data; what lies beyond is brought to the ends."""
        inside = numpy.clip(numpy.asarray(scores, numpy.float64), 0.0, 1.0)
        return self.low + inside * (self.high - self.low)

    def relevant(self, score: float | None) -> float:
        """The number from 0 to 1 from which on a pair counts as fitting: that of a score, or the middle.

        A little less is taken, so that a score which rounding brought just below still counts.
        """
        least = 0.5 if score is None else float(self.to_unit(numpy.array([score]))[0])
        return least - 1e-6
