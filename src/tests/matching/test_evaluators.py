"""Evaluators of scores: values, rows of several processes, what has no answer is told and is a number."""

from __future__ import annotations

import json
import logging
from typing import Any

import numpy
import pytest
import scipy.stats
import torch

from tengjia.data.scale import Scale
from tengjia.registry import REGISTRIES, evaluators

NAMES = ("score_agreement", "retrieval", "pair_f1")
SCALE = Scale(1.0, 5.0)


def build(name: str, scale: Scale = SCALE, **values: Any) -> Any:
    return evaluators.build({"name": name, **values}, labels=scale)


def sample() -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    random = numpy.random.default_rng(5)
    gold = random.integers(0, 9, 60) / 8
    scores = numpy.clip(gold + random.normal(0, 0.3, 60), -1, 1)
    return torch.tensor(scores), torch.tensor(gold), torch.tensor(random.integers(0, 7, 60))


def test_agreement_is_on_the_scale_of_the_data():
    scores, gold, groups = sample()
    evaluator = build("score_agreement")
    evaluator.update(scores, gold, groups)
    found = evaluator.compute()
    given, true = 1 + 4 * scores.clamp(0, 1).numpy(), 1 + 4 * gold.numpy()
    assert found["pearson"] == pytest.approx(scipy.stats.pearsonr(scores, gold).statistic)
    assert found["spearman"] == pytest.approx(scipy.stats.spearmanr(scores, gold).statistic)
    assert found["rmse"] == pytest.approx(float(numpy.sqrt(((given - true) ** 2).mean())))
    assert found["mae"] == pytest.approx(float(abs(given - true).mean()))
    assert 0 < found["quadratic_kappa"] < 1


@pytest.mark.parametrize("name", NAMES)
def test_rows_of_several_processes_give_what_one_gives(name: str):
    whole, first, second = build(name), build(name), build(name)
    rows = sample()
    whole.update(*rows)
    first.update(*(column[:25] for column in rows))
    second.update(*(column[25:] for column in rows))
    assert type(whole).gathered is True
    together = torch.cat([first.statistics(), second.statistics()])
    assert together.dtype == torch.float64
    assert whole.compute(together) == pytest.approx(whole.compute())
    whole.reset()
    assert len(whole.statistics()) == 0


@pytest.mark.parametrize("name", NAMES)
def test_all_named_metrics_are_given_and_right_beats_wrong(name: str):
    _, gold, groups = sample()
    right, wrong = build(name), build(name)
    right.update(gold, gold, groups)
    wrong.update(1 - gold, gold, groups)
    attributes = REGISTRIES["evaluator"].schema(name).attributes
    assert attributes["measures"] == "scores"
    for metric, direction in attributes["metrics"].items():
        best, worst = right.compute()[metric], wrong.compute()[metric]
        assert best > worst if direction == "max" else best < worst, metric


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("case", ["nothing", "one score", "one gold score", "groups of one"])
def test_what_is_not_defined_is_told_and_is_a_number(name: str, case: str, caplog: pytest.LogCaptureFixture):
    scores, gold, groups = sample()
    if case == "nothing":
        scores, gold, groups = scores[:0], gold[:0], groups[:0]
    scores = torch.full_like(scores, 0.4) if case == "one score" else scores
    gold = torch.zeros_like(gold) if case == "one gold score" else gold
    groups = torch.arange(len(gold)) if case == "groups of one" else groups
    evaluator = build(name)
    evaluator.update(scores, gold, groups)
    with caplog.at_level(logging.WARNING):
        found = evaluator.compute()
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    told = {
        "score_agreement": {"nothing", "one score", "one gold score"},
        "retrieval": {"nothing", "one gold score", "groups of one"},
        "pair_f1": {"nothing", "one gold score"},
    }
    assert ("not defined on these pairs" in caplog.text) == (case in told[name])


def test_ranks_that_are_named_and_relevance_on_the_scale_of_the_data():
    evaluator = build("retrieval", cutoffs=(2,), relevant=4.0)
    gold = torch.tensor([0.75, 0.5, 0.0, 1.0])
    evaluator.update(torch.tensor([0.1, 0.9, 0.5, 0.2]), gold, torch.zeros(4, dtype=torch.int64))
    found = evaluator.compute()
    assert found["mrr"] == pytest.approx(1 / 3)
    assert found["recall/2"] == 0.0
    assert found["recall"] == 1.0
