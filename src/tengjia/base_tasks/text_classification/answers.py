"""The answer to one text: its class or classes, and how probable each is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy

PLACES = 6
"""Decimals of a probability in JSON."""


@dataclass(frozen=True, eq=False)
class Classification:
    """What a text is."""

    classes: tuple[str, ...]
    """The classes that are given: one, none where the answer is not sure enough, or several."""

    names: tuple[str, ...]
    """All classes of the model."""

    probabilities: numpy.ndarray
    """`[C]` float32 of all classes; they sum up to 1 where a text has one class."""

    multiple: bool = False
    """Whether a text may have several classes."""

    outside: str | None = None
    """The class of texts that belong to no other, if there is one."""

    most: int | None = None
    """At most so many probabilities go to JSON; `None`: all."""

    @property
    def label(self) -> str | None:
        """The class, or the most probable of several; `None` where none is given."""
        return max(self.classes, key=self._probability, default=None)

    @property
    def score(self) -> float:
        """The probability of `label`; the greatest of all where none is given, or one that was never learnt."""
        given = [self._probability(name) for name in self.classes if name in self.names]
        return max(given) if given else float(self.probabilities.max(initial=0.0))

    @property
    def scores(self) -> dict[str, float]:
        """Probability of each class, the greatest first."""
        order = numpy.argsort(-self.probabilities, kind="stable")
        return {self.names[number]: float(self.probabilities[number]) for number in order.tolist()}

    def among(self, names: tuple[str, ...]) -> Classification:
        """The same answer among other classes: those of a model that learnt more, or others."""
        if names == self.names:
            return self
        known = dict(zip(self.names, self.probabilities.tolist()))
        return replace(
            self, names=names, probabilities=numpy.array([known.get(name, 0.0) for name in names], numpy.float32)
        )

    def plain(self) -> dict[str, Any]:
        """The answer as a JSON value."""
        rounded = {name: round(value, PLACES) for name, value in list(self.scores.items())[: self.most]}
        if self.multiple:
            return {"classes": list(self.classes), "scores": rounded}
        return {"class": self.label, "score": round(self.score, PLACES), "scores": rounded}

    @classmethod
    def restored(
        cls, value: Mapping[str, Any], names: tuple[str, ...], *, multiple: bool, outside: str | None
    ) -> Classification:
        """The answer of which `plain` made this value."""
        scores = value["scores"]
        if len(scores) > len(names) or not scores.keys() <= set(names):  # of a model that learnt other classes
            names = (*names, *sorted(scores.keys() - set(names)))
        given = value["classes"] if multiple else [value["class"]] if value["class"] is not None else []
        probabilities = numpy.array([scores.get(name, 0.0) for name in names], numpy.float32)
        return cls(tuple(given), names, probabilities, multiple, outside)

    def _probability(self, name: str) -> float:
        return float(self.probabilities[self.names.index(name)]) if name in self.names else -1.0
