"""Figures of scores against gold scores: scipy and scikit-learn as oracles, and what has no answer."""

from __future__ import annotations

import math

import numpy
import pytest
import scipy.stats
import sklearn.metrics
from hypothesis import given
from hypothesis import strategies as some

from tengjia.metrics import agreement
from tengjia.metrics.agreement import sums

PAIRS = some.lists(some.tuples(some.integers(-5, 5), some.integers(0, 5)), min_size=2, max_size=40)


def columns(pairs: list[tuple[int, int]]) -> tuple[numpy.ndarray, numpy.ndarray]:
    table = numpy.array(pairs, float)
    return table[:, 0], table[:, 1]


@given(PAIRS)
def test_correlations_are_those_of_scipy(pairs: list[tuple[int, int]]):
    x, y = columns(pairs)
    found = float(agreement.pearson(sums(x, y).sum(axis=0))), agreement.spearman(x, y)
    if len(set(x)) == 1 or len(set(y)) == 1:
        assert all(map(math.isnan, found))
        return
    assert found[0] == pytest.approx(scipy.stats.pearsonr(x, y).statistic, abs=1e-9)
    assert found[1] == pytest.approx(scipy.stats.spearmanr(x, y).statistic, abs=1e-9)


@given(PAIRS)
def test_errors_and_kappa_are_those_of_scikit_learn(pairs: list[tuple[int, int]]):
    x, y = columns(pairs)
    x = numpy.clip(x, 0, 5)
    total = sums(x, y).sum(axis=0)
    assert float(agreement.rmse(total)) == pytest.approx(sklearn.metrics.root_mean_squared_error(y, x), abs=1e-9)
    assert agreement.mean_absolute_error(x, y) == pytest.approx(sklearn.metrics.mean_absolute_error(y, x))
    found = float(agreement.quadratic_kappa(total))
    if len({*x, *y}) == 1:
        assert math.isnan(found)
    else:
        grades = {"labels": list(range(6)), "weights": "quadratic"}
        oracle = sklearn.metrics.cohen_kappa_score(y.astype(int), x.astype(int), **grades)
        assert found == pytest.approx(oracle, abs=1e-9)


@pytest.mark.parametrize("far", [0.0, 1e5])
def test_a_constant_far_from_zero_has_no_spread(far: float):
    x = numpy.full(100, far + 0.1)
    y = numpy.arange(100.0)
    assert math.isnan(float(agreement.pearson(sums(x, y).sum(axis=0))))
    assert math.isnan(agreement.spearman(x, y))


def test_sums_of_parts_are_the_sums_of_the_whole():
    random = numpy.random.default_rng(1)
    x, y = random.normal(size=(2, 50))
    parts = sums(x[:20], y[:20]).sum(axis=0) + sums(x[20:], y[20:]).sum(axis=0)
    whole = sums(x, y).sum(axis=0)
    numpy.testing.assert_allclose(agreement.pearson(parts), agreement.pearson(whole))
    numpy.testing.assert_allclose(agreement.pearson(numpy.stack([parts, whole])), [numpy.corrcoef(x, y)[0, 1]] * 2)


def test_nothing_at_all():
    nothing = numpy.empty(0)
    assert math.isnan(agreement.spearman(nothing, nothing))
    assert agreement.mean_absolute_error(nothing, nothing) == 0.0
    assert float(agreement.rmse(sums(nothing, nothing).sum(axis=0))) == 0.0


def test_rounding_to_the_grades_of_a_scale():
    grades = agreement.rounded(numpy.array([-3.0, 0.2, 1.26, 4.9, 9.0]), 0.0, 5.0, 0.5)
    assert grades.tolist() == [0.0, 0.0, 1.5, 5.0, 5.0]
    assert agreement.usual_step(1, 5) == 1.0
    assert agreement.usual_step(0, 1) == 0.1
