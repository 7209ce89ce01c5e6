"""Stage `test` of answer grading: what the library measures of scores, and how often points are judged rightly."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy

from src.modules.grading.points import Grader
from tengjia.base_tasks.stages.corpus import read_examples
from tengjia.base_tasks.stages.trained import trained_pipeline
from tengjia.base_tasks.text_matching import testing
from tengjia.base_tasks.text_matching.task import TASK
from tengjia.config import Settings
from tengjia.data.example import Example
from tengjia.metrics.thresholds import Thresholds
from tengjia.registry import testers
from tengjia.runs import RunFolder


class Labelled(NamedTuple):
    """A point of a reference with the answer that it is looked for in."""

    point: str
    answer: str
    met: bool
    question: str = ""


def test(config: Settings, run: RunFolder) -> dict[str, Any]:
    """Score a run on a part of the corpus (`text_matching.test`); where its points are labelled, those too.

    Returns:
        The results of the library, `point_f1`, and `point_f1_of_characters`: what a bag of characters reaches whose
        threshold was chosen on the development part.
    """
    result = testing.test(config, run)
    if not run.primary:
        return result
    tester = testers.build(config.tester)
    examples = read_examples(config, run)
    points = labelled(list(examples[tester.config.part]))
    if not points:
        return result
    grader = Grader(trained_pipeline(TASK, config, run, tester.config.device))
    development = labelled(list(examples["development"])) if "development" in examples.parts() else []
    found = {"points": float(len(points)), **point_scores(grader, points), **of_characters(points, development)}
    file = run.write_result("points", found)
    sys.stdout.write("".join(f"{name}: {value:.4f}\n" for name, value in found.items()) + f"-> {file.name}\n")
    return {**result, **found}


def labelled(examples: Sequence[Example]) -> list[Labelled]:
    """The labelled points of whole answers."""
    return [
        Labelled(str(point["text"]), example.text, bool(point["met"]), example.extra.get("question", ""))
        for example in examples
        for point in json.loads(example.extra.get("points", "[]"))
    ]


def point_scores(grader: Grader, points: Sequence[Labelled]) -> dict[str, float]:
    """F1, precision and recall of met points, and the share that is judged rightly."""
    said = numpy.array(
        [met for met, _ in grader.shares([(one.point, one.answer, one.question) for one in points])], bool
    )
    true = numpy.array([one.met for one in points], bool)
    both = int((said & true).sum())
    return {
        "point_f1": 2 * both / max(1, int(said.sum() + true.sum())),
        "point_precision": both / max(1, int(said.sum())),
        "point_recall": both / max(1, int(true.sum())),
        "point_accuracy": float((said == true).mean()),
    }


def of_characters(points: Sequence[Labelled], development: Sequence[Labelled]) -> dict[str, float]:
    """What the share of a point's characters that the answer holds too gives, with the best threshold."""
    chosen = development or points
    shares, true = (numpy.array([value(one) for one in chosen]) for value in (shared_characters, lambda one: one.met))
    threshold = Thresholds(shares, true).f1().threshold
    own = Thresholds(numpy.array([shared_characters(one) for one in points]), numpy.array([one.met for one in points]))
    return {"point_f1_of_characters": own.f1_at(threshold)}


def shared_characters(one: Labelled) -> float:
    """Share of the characters of a point that the answer holds too."""
    point, answer = Counter(one.point), Counter(one.answer)
    return sum((point & answer).values()) / max(1, len(one.point))


test.__test__ = False  # type: ignore[attr-defined]  # a stage, not a test for pytest to collect
