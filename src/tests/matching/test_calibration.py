"""From what a model says to the scale of the data: least squares, isotonic against scikit-learn, what cannot be fitted."""

from __future__ import annotations

from typing import Any

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as some
from sklearn.isotonic import IsotonicRegression

from tengjia.base_tasks.text_matching.calibration import MOST_KNOTS, Calibration, Options, fitted, pooled_adjacent
from tengjia.data.scale import Scale

SCALE = Scale(1.0, 5.0)


def fit(scores: Any, gold: Any, **values: Any) -> Options:
    return fitted(Calibration.Config(**values), numpy.array(scores, float), numpy.array(gold, float), SCALE)


def sample() -> tuple[numpy.ndarray, numpy.ndarray]:
    random = numpy.random.default_rng(1)
    gold = random.random(300)
    return 0.3 * gold + 0.5 + random.normal(0, 0.01, 300), gold


def test_a_line_is_that_of_least_squares():
    said, gold = sample()
    slope, start = numpy.polyfit(said, gold, 1)
    inside = numpy.linspace(0.52, 0.78, 9)
    numpy.testing.assert_allclose(fit(said, gold).applied(inside), numpy.clip(slope * inside + start, 0, 1), atol=1e-9)


@given(some.lists(some.tuples(some.integers(0, 9), some.integers(0, 9)), min_size=1, max_size=60))
def test_pooling_is_that_of_scikit_learn(pairs: list[tuple[int, int]]):
    values, weights = numpy.array([p[0] for p in pairs], float), numpy.array([p[1] + 1 for p in pairs], float)
    places = numpy.arange(len(pairs))
    oracle = IsotonicRegression().fit(places, values, sample_weight=weights).predict(places)
    numpy.testing.assert_allclose(pooled_adjacent(values, weights), oracle, atol=1e-9)


@pytest.mark.parametrize("method", ["linear", "isotonic"])
def test_calibrated_scores_are_nearer_and_keep_their_order(method: str):
    said, gold = sample()
    options = fit(said, gold, method=method)
    assert len(options.said) <= MOST_KNOTS
    meant = options.applied(said)
    assert numpy.abs(meant - gold).mean() < 0.05 < numpy.abs(said - gold).mean()
    assert (numpy.diff(options.applied(numpy.linspace(-2, 2, 500))) >= 0).all()
    assert ((meant >= 0) & (meant <= 1)).all()


@pytest.mark.parametrize(
    ("said", "gold"),
    [
        ([], []),
        ([0.5] * 20, [0.1, 0.9] * 10),
        ([0.1, 0.9] * 10, [0.5] * 20),
        ([0.1] * 5, [0.2] * 5),
        ([0.3] * 20, [numpy.nan] * 20),
    ],
)
@pytest.mark.parametrize("method", ["linear", "isotonic"])
def test_what_cannot_be_fitted_stays_as_it_is(said: list[float], gold: list[float], method: str):
    options = fit(said, gold, method=method)
    assert (options.said, options.meant) == ((0.0, 1.0), (0.0, 1.0))


def test_a_model_that_is_wrong_the_other_way_round_is_not_turned_over():
    said, gold = sample()
    meant = fit(-said, gold).applied(-said)
    assert numpy.ptp(meant) < 1e-9


def test_none_leaves_the_scores_and_finds_the_threshold():
    said = numpy.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6] * 3)
    options = fit(said, said > 0.35, method="none")
    assert options.said == (0.0, 1.0)
    assert options.threshold == pytest.approx(0.35)


@pytest.mark.parametrize(
    "values",
    [{"said": (0.0,), "meant": (0.0,)}, {"said": (1.0, 0.0)}, {"meant": (1.0, 0.0)}, {"said": (0.0, 0.5, 1.0)}],
)
def test_knots_that_make_no_sense_are_refused(values: dict[str, Any]):
    with pytest.raises(ValueError, match="said, meant"):
        Options(**values)
