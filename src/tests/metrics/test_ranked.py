"""Figures of rankings and thresholds: brute force and scikit-learn as oracles, ties, groups of one."""

from __future__ import annotations

import math

import numpy
import pytest
import sklearn.metrics
from hypothesis import given
from hypothesis import strategies as some

from tengjia.metrics.ranked import Rankings, mean_of_known
from tengjia.metrics.thresholds import Thresholds

ROWS = some.lists(some.tuples(some.integers(0, 4), some.integers(0, 3), some.integers(0, 3)), min_size=1, max_size=40)
"""Score, how well it really fits, group."""


def by_hand(rows: list[tuple[int, int, int]], relevant: int, cutoff: int) -> dict[int, tuple[float, float, float]]:
    """Reciprocal rank, recall and nDCG of each group of several rows."""
    result = {}
    for group in {row[2] for row in rows}:
        own = sorted((row for row in rows if row[2] == group), key=lambda row: (-row[0], row[1]))
        if len(own) == 1:
            continue
        gold = [row[1] for row in own]
        right = [value >= relevant for value in gold]
        rank = 1 / (right.index(True) + 1) if any(right) else math.nan
        recall = sum(right[:cutoff]) / sum(right) if any(right) else math.nan
        gains = [sum(v / math.log2(i + 2) for i, v in enumerate(row[:cutoff])) for row in (gold, sorted(gold)[::-1])]
        result[group] = rank, recall, gains[0] / gains[1] if gains[1] else math.nan
    return result


@given(ROWS, some.integers(1, 3), some.integers(1, 5))
def test_rankings_are_those_made_by_hand(rows: list[tuple[int, int, int]], relevant: int, cutoff: int):
    scores, gold, groups = numpy.array(rows, float).T
    ranked = Rankings.of(scores, gold, groups.astype(int))
    found = zip(ranked.reciprocal_rank(relevant), ranked.recall(relevant, cutoff), ranked.ndcg(cutoff))
    oracle = by_hand(rows, relevant, cutoff)
    assert ranked.names.tolist() == sorted(oracle)
    for name, figures in zip(ranked.names.tolist(), found):
        assert figures == pytest.approx(oracle[name], nan_ok=True)


def test_ndcg_is_that_of_scikit_learn_without_ties():
    random = numpy.random.default_rng(3)
    scores, gold = random.permutation(12).astype(float), random.integers(0, 4, 12).astype(float)
    found = Rankings.of(scores, gold, numpy.zeros(12, int)).ndcg(5)
    assert found == pytest.approx(sklearn.metrics.ndcg_score([gold], [scores], k=5))


def test_a_model_that_says_the_same_of_all_gains_nothing():
    gold = numpy.array([1.0, 0.0, 0.0, 0.0])
    ranked = Rankings.of(numpy.zeros(4), gold, numpy.zeros(4, int))
    assert ranked.reciprocal_rank(1.0).tolist() == [0.25]


def test_groups_of_one_and_groups_without_a_fitting_text_do_not_count():
    ranked = Rankings.of(numpy.arange(5.0), numpy.array([1.0, 0, 0, 0, 1]), numpy.array([0, 1, 1, 2, 2]))
    assert ranked.names.tolist() == [1, 2]
    assert mean_of_known(ranked.reciprocal_rank(1.0)) == 1.0
    alone = Rankings.of(numpy.ones(1), numpy.ones(1), numpy.zeros(1, int))
    assert len(alone) == 0
    assert math.isnan(mean_of_known(alone.ndcg(5)))


@given(some.lists(some.tuples(some.integers(0, 5), some.booleans()), min_size=1, max_size=40))
def test_thresholds_are_those_made_by_hand(pairs: list[tuple[int, bool]]):
    scores, gold = numpy.array([p[0] for p in pairs], float), numpy.array([p[1] for p in pairs], bool)
    every = Thresholds(scores, gold)
    for best, at in ((every.accuracy(), every.accuracy_at), (every.f1(), every.f1_at)):
        tried = [at(threshold) for threshold in (*scores, numpy.inf)]
        assert best.value == pytest.approx(max(tried)) == pytest.approx(at(best.threshold))
    if gold.all() or not gold.any():
        assert math.isnan(every.roc_auc())
    else:
        assert every.roc_auc() == pytest.approx(sklearn.metrics.roc_auc_score(gold, scores))
    if gold.any():
        assert every.average_precision() == pytest.approx(sklearn.metrics.average_precision_score(gold, scores))
    else:
        assert math.isnan(every.average_precision())
