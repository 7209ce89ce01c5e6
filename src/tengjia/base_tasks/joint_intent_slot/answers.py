"""The answer to one text: what it wants, and the parts that say with what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy

from tengjia.base_tasks.sequence_labeling.entities import Entity

PLACES = 6
"""Decimals of a probability in JSON."""


@dataclass(frozen=True)
class Understanding:
    """What a text wants."""

    intent: str | None
    """The intent; `None` where none is sure enough and there is none for that."""

    score: float
    """Probability of the most probable intent that was learnt, other than the one outside; 0 for a text of nothing."""

    slots: list[Entity]
    """The slots, in their order."""

    probabilities: numpy.ndarray | None = field(default=None, compare=False, repr=False)
    """`[K]` float32 of all intents; `None` where the answer was kept in a file."""

    def plain(self) -> dict[str, Any]:
        """The answer as a JSON value."""
        slots = [slot.plain() for slot in self.slots]
        return {"intent": self.intent, "score": round(self.score, PLACES), "slots": slots}

    @classmethod
    def restored(cls, value: Mapping[str, Any]) -> Understanding:
        """The answer of which `plain` made this value."""
        return cls(value["intent"], value["score"], [Entity(**slot) for slot in value["slots"]])
