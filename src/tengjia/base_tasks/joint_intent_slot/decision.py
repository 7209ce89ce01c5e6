"""From which probability on an intent is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from tengjia.config.parameters import Limits


class Decision:
    """When an intent is given. What is null is decided on the development part when a model is saved, and stays as it
    was decided then in `test`."""

    limits: ClassVar[Limits] = {"least_score": (0.0, 1.0)}

    @dataclass(frozen=True)
    class Config:
        """The section `decision`."""

        least_score: float | None = None
        """An intent less probable is none, or `encoding.outside`; null: where there are texts outside in the
        development part, the one with which most intents are right there; else 0."""


@dataclass(frozen=True)
class Options:
    """How scores become an answer; kept in the bundle."""

    repair: Literal["strict", "begun", "lenient"] = "strict"
    """Which broken rows of tags count as slots."""

    least_slot_score: float = 0.5
    """A slot less probable is only suspected."""

    least_score: float = 0.0
    """See `Decision.Config`."""
