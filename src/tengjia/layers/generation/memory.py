"""What decoding asks of a model, and what it gives back."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from torch import Tensor

from tengjia.contracts import Batch


class Memory(Protocol):
    """What a model remembers while it writes: N sentences with K hypotheses each. K may change from step to step."""

    def advance(self, pieces: Tensor, parents: Tensor) -> Tensor:
        """Read one more piece of each hypothesis.

        Args:
            pieces: `[N, K]` int64: the newest piece of each.
            parents: `[N, K]` int64: which hypothesis of the step before each one continues; at the first step of no
                account.

        Returns:
            Scores `[N, K, C]` of the piece that follows; their softmax is its probability.
        """

    def keep(self, sentences: Tensor) -> None:
        """Go on with some sentences only: their numbers `[M]`, ascending."""


class Writer(Protocol):
    """A model that writes (`decoder = "sequence"`)."""

    def begin(self, source: Batch) -> Memory:
        """Read the sources, and be ready to write."""


class Borders(NamedTuple):
    """The pieces at which a text begins and ends, and those that no text holds."""

    begin: int
    """Read before the first piece."""

    end: int
    """Written after the last."""

    never: tuple[int, ...] = (0, 1)
    """Pieces that are never written, besides the begin piece: padding and unknown."""


class Hypothesis(NamedTuple):
    """A text that was written."""

    pieces: list[int]
    """Its pieces, without the border pieces."""

    score: float
    """What it was ranked by: the log probability, divided by what the length penalty makes of its length."""

    log_probability: float
    """Sum over its pieces, the end piece included."""

    ended: bool
    """Whether it has an end; without one it was cut at the greatest length."""
