"""From probabilities to classes: the most probable one, several, or none; thresholds that fit a development part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy

from tengjia.config.parameters import Limits
from tengjia.data.classes import Classes
from tengjia.metrics.thresholds import Thresholds

HALF = 0.5


class Decision:
    """When a class is given. What is null is decided on the development part when a model is saved, and stays as it
    was decided then in `test`."""

    limits: ClassVar[Limits] = {"threshold": (0.0, 1.0), "least_score": (0.0, 1.0)}

    @dataclass(frozen=True)
    class Config:
        """The section `decision`."""

        threshold: float | None = None
        """Probability from which a class is given where a text may have several; null: the one with the best F1 over
        all texts and classes of the development part."""

        least_score: float | None = None
        """An answer less probable is none, or `encoding.outside`, where a text has one class; null: where there are
        texts outside in the development part, the one with the best mean of the accuracy inside and the recall
        outside; else 0."""


@dataclass(frozen=True)
class Options:
    """How probabilities become an answer; kept in the bundle."""

    threshold: float = HALF
    """See `Decision.Config`."""

    least_score: float = 0.0
    """See `Decision.Config`."""


def decided(
    probabilities: numpy.ndarray, labels: Classes, outside: str | None, options: Options
) -> list[tuple[str, ...]]:
    """The classes of each text.

    Args:
        probabilities: `[N, C]`.
        labels: The classes.
        outside: The class of texts that belong to no other, if there is one.
        options: Thresholds.
    """
    if labels.multiple:
        rows = probabilities >= options.threshold
        return [tuple(labels.names[number] for number in numpy.flatnonzero(row)) for row in rows]
    best = probabilities.argmax(axis=1)
    sure = inside_scores(probabilities, labels, outside) >= options.least_score
    unsure = () if outside is None else (outside,)
    return [(labels.names[number],) if enough else unsure for number, enough in zip(best.tolist(), sure.tolist())]


def inside_scores(probabilities: numpy.ndarray, labels: Classes, outside: str | None) -> numpy.ndarray:
    """`[N]`: the greatest probability of a class other than the one outside."""
    inside = [number for number, name in enumerate(labels.names) if name != outside]
    scores: numpy.ndarray = probabilities[:, inside].max(axis=1, initial=0.0)
    return scores


def best_threshold(probabilities: numpy.ndarray, gold: numpy.ndarray) -> float:
    """The threshold with the best F1 over all texts and classes.

    Args:
        probabilities: `[N, C]`.
        gold: `[N, C]` bool.
    """
    threshold = Thresholds(probabilities.ravel(), gold.ravel()).f1().threshold
    return float(threshold) if numpy.isfinite(threshold) else HALF


def best_least_score(
    probabilities: numpy.ndarray, gold: Sequence[str | None], labels: Classes, outside: str | None
) -> float:
    """The least score with the best mean of the accuracy inside and the recall outside; 0 if nothing is outside.

    Args:
        probabilities: `[N, C]`.
        gold: Class of each text.
        labels: The classes.
        outside: The class of texts that belong to no other.
    """
    is_outside = numpy.array([name == outside for name in gold], bool)
    if outside is None or not is_outside.any() or is_outside.all():
        return 0.0
    answers = decided(probabilities, labels, outside, Options())
    right = numpy.array([names[:1] == (name,) for names, name in zip(answers, gold)], bool)
    scores = inside_scores(probabilities, labels, outside)
    order = numpy.argsort(scores, kind="stable")
    # Below the n-th score: what is outside becomes right, what was right inside becomes wrong.
    lost = numpy.append(0, (right & ~is_outside)[order].cumsum()) / (~is_outside).sum()
    won = numpy.append(0, (~right & is_outside)[order].cumsum()) / is_outside.sum()
    ordered = scores[order]
    # Equal scores fall together, and what is wholly sure never does.
    between = numpy.concatenate([[True], ordered[1:] > ordered[:-1], [ordered[-1] < 1.0]])
    place = int(numpy.where(between, won - lost, -numpy.inf).argmax())
    if place == 0:
        return 0.0
    return float(ordered[place - 1] + ordered[place]) / 2 if place < len(ordered) else 1.0
