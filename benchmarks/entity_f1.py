"""Span scores of 1,000,000 tags against seqeval, with equal figures: `python -m benchmarks.entity_f1`.

All figures are compared with seqeval's whole report. Timed is its cheapest call, `f1_score`, which gives one figure,
against all of ours (overall, macro, weighted, each type).
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy
import torch
from seqeval.metrics import classification_report, f1_score

from benchmarks import report
from tengjia.data.labels import LabelSet
from tengjia.registry import evaluators

TOKENS = 1_000_000
LENGTH = 40
DEMAND = 10.0
TYPES = ("CONT", "EDU", "LOC", "NAME", "ORG", "PRO", "RACE", "TITLE")


def corpus(labels: LabelSet, seed: int = 0) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Gold tags with entities in every sixth place or so, and a system that gets one tag in twenty wrong."""
    random = numpy.random.default_rng(seed)
    rows = TOKENS // LENGTH
    gold = numpy.zeros((rows, LENGTH), numpy.int64)
    for row in gold:
        place = int(random.integers(0, 6))
        while place < LENGTH - 6:
            length = int(random.integers(1, 7))
            row[place : place + length] = labels.encode([(0, length, TYPES[random.integers(len(TYPES))])], length)
            place += length + int(random.integers(1, 9))
    wrong = random.random(gold.shape) < 0.05
    predicted = numpy.where(wrong, random.integers(0, len(labels), gold.shape), gold)
    return torch.from_numpy(predicted), torch.from_numpy(gold), torch.ones(gold.shape, dtype=torch.bool)


def ours(labels: LabelSet, predicted: torch.Tensor, gold: torch.Tensor, mask: torch.Tensor) -> dict[str, float]:
    """All figures by this project, from tag ids."""
    evaluator = evaluators.build({"name": "entity_f1"}, labels=labels)
    evaluator.update(predicted, gold, mask)
    figures: dict[str, float] = evaluator.compute()
    return figures


def theirs(predicted: list[list[str]], gold: list[list[str]]) -> dict[str, Any]:
    """All figures by seqeval, from tags as it takes them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        figures: dict[str, Any] = classification_report(gold, predicted, output_dict=True, zero_division=0)
    return figures


def their_f1(predicted: list[list[str]], gold: list[list[str]]) -> float:
    """One figure by seqeval, for the time it takes."""
    return float(f1_score(gold, predicted, zero_division=0))


def largest_gap(mine: dict[str, float], other: dict[str, Any]) -> float:
    """The largest difference between figures of the same name."""
    pairs = [
        (mine["entity_f1"], other["micro avg"]["f1-score"]),
        (mine["entity_precision"], other["micro avg"]["precision"]),
        (mine["entity_recall"], other["micro avg"]["recall"]),
        (mine["entity_f1_macro"], other["macro avg"]["f1-score"]),
        (mine["entity_f1_weighted"], other["weighted avg"]["f1-score"]),
        *((mine[f"entity_f1/{name}"], other[name]["f1-score"]) for name in TYPES),
    ]
    return max(abs(first - second) for first, second in pairs)


def main() -> dict[str, Any]:
    """Compare in one run, A B A B."""
    labels = LabelSet("bioes", TYPES)
    predicted, gold, mask = corpus(labels)
    names = numpy.array(labels.tags)
    texts = names[predicted.numpy()].tolist(), names[gold.numpy()].tolist()
    gap = largest_gap(ours(labels, predicted, gold, mask), theirs(*texts))
    if gap > 1e-12:
        raise SystemExit(f"the figures differ by {gap}")
    seconds = report.interleaved(
        {"tengjia": lambda: ours(labels, predicted, gold, mask), "seqeval": lambda: their_f1(*texts)}, rounds=5
    )
    ratio = report.median(seconds["seqeval"]) / report.median(seconds["tengjia"])
    return report.say(
        "entity_f1",
        tokens=TOKENS,
        tengjia_seconds=report.median(seconds["tengjia"]),
        tengjia_spread=report.spread(seconds["tengjia"]),
        seqeval_seconds=report.median(seconds["seqeval"]),
        seqeval_spread=report.spread(seconds["seqeval"]),
        ratio=round(ratio, 1),
        demand=DEMAND,
        largest_difference=gap,
        command=report.command(),
    )


if __name__ == "__main__":
    main()
