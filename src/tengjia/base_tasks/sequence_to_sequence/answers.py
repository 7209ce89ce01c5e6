"""What is answered: a text, and how sure the model is of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

PLACES: Final = 4


class Alternative(NamedTuple):
    """Another text that would do."""

    text: str
    score: float


@dataclass(frozen=True)
class Written:
    """A text that was written."""

    text: str
    """The text."""

    score: float
    """The geometric mean of the probabilities of its pieces, 0 to 1; 0 where nothing was to be read."""

    ended: bool = True
    """Whether it has an end; else it was cut at the greatest length."""

    alternatives: tuple[Alternative, ...] = ()
    """Others, the likeliest first (`generation.alternatives`)."""

    def __str__(self) -> str:
        return self.text

    def plain(self) -> dict[str, Any]:
        """The answer as a JSON value."""
        value: dict[str, Any] = {"answer": self.text, "score": round(self.score, PLACES), "ended": self.ended}
        if self.alternatives:
            value["alternatives"] = [
                {"answer": text, "score": round(score, PLACES)} for text, score in self.alternatives
            ]
        return value

    @classmethod
    def restored(cls, value: Mapping[str, Any]) -> Written:
        """The answer of which `plain` made this value."""
        others = tuple(Alternative(str(one["answer"]), float(one["score"])) for one in value.get("alternatives", ()))
        return cls(str(value["answer"]), float(value["score"]), bool(value["ended"]), others)
