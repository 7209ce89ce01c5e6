"""From probabilities to classes: the most probable one, several, or none; thresholds that fit a development part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy

from tengjia.base_tasks.texts.least_score import By, LeastScoreBy
from tengjia.config.parameters import Limits
from tengjia.data.classes import Classes
from tengjia.metrics.refusal import best_threshold as best_refusal
from tengjia.metrics.thresholds import Thresholds

HALF = 0.5


class Decision:
    """When a class is given."""

    limits: ClassVar[Limits] = {"threshold": (0.0, 1.0), "least_score": (0.0, 1.0)}

    @dataclass(frozen=True)
    class Config:
        """The section `decision` of `test`; what is null stays as it was decided when the model was saved."""

        threshold: float | None = None
        """Probability from which a class is given where a text may have several; null when a model is saved: the one
        with the best F1 over all texts and classes of the development part."""

        least_score: float | None = None
        """An answer less probable is none, or `encoding.outside`, where a text has one class; null when a model is
        saved: where there are texts outside in the development part, the one that is best by `least_score_by`;
        else 0."""


class FittedDecision(Decision):
    """When a class is given, and how that is decided on the development part when a model is saved."""

    @dataclass(frozen=True)
    class Config(Decision.Config, LeastScoreBy.Config):
        """The section `decision` of `train`."""


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
    probabilities: numpy.ndarray,
    gold: Sequence[str | None],
    labels: Classes,
    outside: str | None,
    by: By = "accuracy",
) -> float:
    """The least score with which answers are best; 0 if nothing is outside, or everything.

    Args:
        probabilities: `[N, C]`; a row of zeros is that of a text of nothing.
        gold: Class of each text.
        labels: The classes.
        outside: The class of texts that belong to no other.
        by: See `LeastScoreBy.Config`.
    """
    refuse = numpy.array([name == outside for name in gold], bool)
    if outside is None or not refuse.any() or refuse.all():
        return 0.0
    likeliest = [labels.names[number] for number in probabilities.argmax(axis=1).tolist()]
    right = numpy.array([found == name for found, name in zip(likeliest, gold)], bool)
    # Else the answer is the one outside, whatever the least score.
    inside = numpy.array([name != outside for name in likeliest], bool) & probabilities.any(axis=1)
    if not inside.any():
        return 0.0
    worth = 1.0 if by == "accuracy" else float((~refuse).sum() / refuse.sum())
    scores = inside_scores(probabilities, labels, outside)
    return best_refusal(scores[inside], right[inside], refuse[inside], worth_of_refusal=worth).value
