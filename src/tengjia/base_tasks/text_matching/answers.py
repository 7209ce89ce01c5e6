"""What matching answers: how well two texts fit, and which of many fit best."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

PLACES: Final = 6


@dataclass(frozen=True)
class Match:
    """How well two texts fit."""

    score: float
    """On the scale of the data."""

    fits: bool
    """Whether the score reaches the threshold that was best on the development part."""

    def __float__(self) -> float:
        return self.score

    def plain(self) -> dict[str, Any]:
        """The answer as a JSON value."""
        return {"score": round(self.score, PLACES), "fits": self.fits}

    @classmethod
    def restored(cls, value: Mapping[str, Any]) -> Match:
        """The answer of which `plain` made this value."""
        return cls(float(value["score"]), bool(value["fits"]))


@dataclass(frozen=True)
class Ranked:
    """A text that was ranked."""

    index: int
    """Its number among the candidates."""

    text: str
    """The candidate."""

    match: Match
    """How well it fits."""
