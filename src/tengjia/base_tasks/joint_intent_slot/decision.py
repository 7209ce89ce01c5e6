"""From which probability on an intent is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from tengjia.base_tasks.texts.least_score import LeastScoreBy
from tengjia.config.parameters import Limits


class Decision:
    """When an intent is given."""

    limits: ClassVar[Limits] = {"least_score": (0.0, 1.0)}

    @dataclass(frozen=True)
    class Config:
        """The section `decision` of `test`; what is null stays as it was decided when the model was saved."""

        least_score: float | None = None
        """An intent less probable is none, or `encoding.outside`; null when a model is saved: where there are texts
        outside in the development part, the one that is best by `least_score_by`; else 0."""


class FittedDecision(Decision):
    """When an intent is given, and how that is decided on the development part when a model is saved."""

    @dataclass(frozen=True)
    class Config(Decision.Config, LeastScoreBy.Config):
        """The section `decision` of `train`."""


@dataclass(frozen=True)
class Options:
    """How scores become an answer; kept in the bundle."""

    repair: Literal["strict", "begun", "lenient"] = "strict"
    """Which broken rows of tags count as slots."""

    least_slot_score: float = 0.5
    """A slot less probable is only suspected."""

    least_score: float = 0.0
    """See `Decision.Config`."""
