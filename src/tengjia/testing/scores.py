"""What evaluators and testers promise."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import torch

from tengjia.registry import REGISTRIES
from tengjia.testing.broken import hold
from tengjia.testing.building import built
from tengjia.testing.subject import Subject
from tengjia.testing.toys import Judged, toy_measured_by


def evaluator_builds_from_defaults(subject: Subject) -> None:
    """It is built, and names its metrics where they can be read without importing it."""
    built(subject, labels=toy_measured_by(subject).labels)
    metrics = REGISTRIES["evaluator"].schema(subject.name).attributes.get("metrics")
    named = isinstance(metrics, dict) and metrics and set(metrics.values()) <= {"max", "min"}
    hold(named, "testing.no_metrics", found=metrics)


def evaluator_knows_what_is_right(subject: Subject) -> None:
    """What is all right scores better than what is all wrong, in every metric; all metrics are given."""
    toy = toy_measured_by(subject)
    right, wrong = (dict(_evaluator(subject, toy.judged(kind)).compute()) for kind in ("right", "wrong"))
    for name, direction in subject.type.metrics.items():
        hold(name in right, "testing.metric_missing", found=name)
        better = right[name] > wrong[name] if direction == "max" else right[name] < wrong[name]
        values = {"right": right[name], "wrong": wrong[name], "direction": direction}
        hold(better, "testing.metric_blind", found=name, **values)


def evaluator_sums_over_processes(subject: Subject) -> None:
    """Statistics of two halves, summed (or laid end to end where they are rows), give the scores of the whole."""
    judged = toy_measured_by(subject).judged("partly")
    halves = [_evaluator(subject, [batch]) for batch in judged]
    each = [half.statistics() for half in halves]
    total = torch.cat(each) if getattr(subject.type, "gathered", False) else each[0] + each[1]
    hold(total.dtype == torch.float64, "testing.not_float64", found=total.dtype)
    whole = _evaluator(subject, judged).compute()
    hold(_near(halves[0].compute(total), whole), "testing.halves_differ", found=subject.name)
    halves[0].reset()
    hold(not bool(halves[0].statistics().any()), "testing.not_reset", found=subject.name)


def evaluator_ignores_padding(subject: Subject) -> None:
    """What stands where nothing is does not count."""
    toy = toy_measured_by(subject)
    if toy.padded is None:
        return
    judged = toy.judged("partly")
    found, wanted = _evaluator(subject, toy.padded(judged)).compute(), _evaluator(subject, judged).compute()
    hold(_near(found, wanted), "testing.padding_matters", found=subject.name)


def tester_builds_from_defaults(subject: Subject) -> None:
    """It is built, and tells what the stage `test` asks it."""
    tester = built(subject)
    for name in ("part", "device", "samples", "level", "compare_samples", "worst"):
        hold(hasattr(tester.config, name), "testing.no_parameter", found=name, name=subject.name)


def tester_answers_in_order(subject: Subject) -> None:
    """Every text gets the answer to it."""
    texts = [f"text {number}" for number in range(150)]
    answers = subject.build().answers(_Echo(), texts, "toy")
    hold(answers == [text.upper() for text in texts], "testing.wrong_answers", found=subject.name)


class _Echo:
    """A pipeline that answers a text with itself in capitals."""

    def stream(self, texts: Iterator[str], *, batch_size: int, check: Callable[[], None]) -> Iterator[str]:
        for text in texts:
            check()
            yield text.upper()


def _evaluator(subject: Subject, judged: list[Judged]) -> Any:
    evaluator = subject.build(labels=toy_measured_by(subject).labels)
    evaluator.reset()
    for predicted, gold, mask in judged:
        evaluator.update(predicted, gold, mask)
    return evaluator


def _near(first: dict[str, float], second: dict[str, float]) -> bool:
    return first.keys() == second.keys() and all(abs(first[name] - second[name]) < 1e-9 for name in first)
