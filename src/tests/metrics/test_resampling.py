"""Intervals and significance: by brute force, by known cases, and by how often they are right."""

from __future__ import annotations

import itertools

import numpy
import pytest

from tengjia.metrics import resampling
from tengjia.metrics.resampling import (
    Interval,
    compare,
    compare_rows,
    draws,
    interval,
    intervals,
    intervals_per_type,
    micro_f1,
    resampled,
    row_intervals,
)
from tengjia.metrics.scores import score


def texts_of(random: numpy.random.Generator, texts: int, skill: float, types: int = 2) -> numpy.ndarray:
    gold = random.integers(0, 4, (texts, types))
    matched = random.binomial(gold, skill)
    return numpy.stack([matched, matched + random.binomial(gold, 0.2), gold], axis=-1)


def test_a_draw_with_replacement_equals_its_sum_by_hand(monkeypatch):
    counts = texts_of(numpy.random.default_rng(0), 7, 0.8)
    whole = resampled(counts, seed=3, samples=50)
    assert whole.shape == (50, 2, 3)
    assert numpy.isin(
        whole[:, 0, 2], [sum(c) for c in itertools.combinations_with_replacement(counts[:, 0, 2], 7)]
    ).all()
    monkeypatch.setattr(resampling, "_AT_ONCE", 7 * 13)  # in parts
    parts = resampled(counts, seed=3, samples=50)
    assert parts.shape == whole.shape and (parts[:13] == whole[:13]).all()


def test_intervals_are_a_function_of_the_seed():
    counts = texts_of(numpy.random.default_rng(1), 60, 0.8)
    first, again, other = (interval(counts, seed=seed) for seed in (0, 0, 1))
    assert first == again != other
    assert first.low < first.value < first.high
    assert first.value == pytest.approx(float(micro_f1(counts.sum(axis=0))))
    assert interval(counts, level=0.5).high < first.high


def test_an_interval_holds_the_truth_about_as_often_as_it_says():
    random, inside = numpy.random.default_rng(2), 0
    truth = float(micro_f1(texts_of(random, 200_000, 0.8).sum(axis=0)))
    for number in range(200):
        found = interval(texts_of(random, 80, 0.8), seed=number, samples=200)
        inside += found.low <= truth <= found.high
    assert 0.88 <= inside / 200 <= 0.99


def test_intervals_per_type():
    counts = texts_of(numpy.random.default_rng(3), 50, 0.7, types=3)
    counts[:, 2] = 0
    found = intervals_per_type(counts, micro_f1, seed=5)
    values = score(counts.sum(axis=0)).f1
    assert [i.value for i in found] == pytest.approx(values.tolist())
    assert all(i.low <= i.value <= i.high for i in found)
    assert found[2] == Interval(0.0, 0.0, 0.0)
    # The same draw for all: one type alone gives the same ends.
    alone = interval(counts[:, :1], seed=5)
    assert (alone.low, alone.high) == (found[0].low, found[0].high)


def test_without_texts_there_is_nothing_to_draw():
    empty = numpy.zeros((0, 2, 3), int)
    assert interval(empty) == Interval(0.0, 0.0, 0.0)
    assert intervals_per_type(empty, micro_f1) == [Interval(0.0, 0.0, 0.0)] * 2
    assert compare(empty, empty).p == 1.0


def test_equal_systems_do_not_differ():
    counts = texts_of(numpy.random.default_rng(4), 50, 0.8)
    found = compare(counts, counts, samples=500)
    assert (found.value, found.low, found.high, found.p) == (0.0, 0.0, 0.0, 1.0)


def test_a_better_system_is_told_and_the_order_turns_the_sign():
    random = numpy.random.default_rng(5)
    worse = texts_of(random, 300, 0.7)
    better = worse.copy()
    better[..., 0] = numpy.minimum(better[..., 2], better[..., 0] + random.integers(0, 2, better.shape[:2]))
    better[..., 1] = numpy.maximum(better[..., 1], better[..., 0])
    there, back = compare(better, worse, samples=1000), compare(worse, better, samples=1000)
    assert there.value == -back.value > 0
    assert there.low > 0 > back.high
    assert there.p == pytest.approx(1 / 1001)
    assert back.p == pytest.approx(1 / 1001)


def test_p_equals_all_swaps_by_brute_force():
    random = numpy.random.default_rng(6)
    first, second = texts_of(random, 8, 0.9), texts_of(random, 8, 0.7)
    second[..., 2] = first[..., 2]
    found = abs(float(micro_f1(first.sum(axis=0)) - micro_f1(second.sum(axis=0))))
    as_large = 0
    for swaps in itertools.product([False, True], repeat=8):
        where = numpy.array(swaps)[:, None, None]
        one, two = numpy.where(where, second, first), numpy.where(where, first, second)
        as_large += abs(float(micro_f1(one.sum(axis=0)) - micro_f1(two.sum(axis=0)))) >= found - 1e-12
    assert compare(first, second, samples=20_000).p == pytest.approx(as_large / 256, abs=0.015)


def test_systems_that_differ_by_chance_are_rarely_called_different():
    random, called = numpy.random.default_rng(7), 0
    for number in range(200):
        gold = random.integers(0, 4, (60, 1))
        systems = []
        for _ in range(2):
            matched = random.binomial(gold, 0.8)
            systems.append(numpy.stack([matched, matched + random.binomial(gold, 0.2), gold], axis=-1))
        called += compare(*systems, seed=number, samples=200).p < 0.05
    assert called / 200 <= 0.1


def test_other_shapes_are_refused():
    with pytest.raises(ValueError, match="different shape"):
        compare(numpy.zeros((2, 1, 3)), numpy.zeros((3, 1, 3)))


def correlation_sums(x: numpy.ndarray, y: numpy.ndarray) -> numpy.ndarray:
    return numpy.stack([numpy.ones_like(x), x, y, x * x, y * y, x * y], axis=-1)


def correlation(totals: numpy.ndarray) -> numpy.ndarray:
    n, x, y, xx, yy, xy = numpy.moveaxis(totals, -1, 0)
    with numpy.errstate(invalid="ignore", divide="ignore"):
        found: numpy.ndarray = (n * xy - x * y) / numpy.sqrt((n * xx - x * x) * (n * yy - y * y))
    return found


def correlation_of_rows(rows: numpy.ndarray) -> float:
    return float(numpy.corrcoef(rows[:, 0], rows[:, 1])[0, 1])


def scores_of(random: numpy.random.Generator, texts: int, noise: float) -> numpy.ndarray:
    gold = random.normal(size=texts)
    return numpy.stack([gold + noise * random.normal(size=texts), gold], axis=-1)


def test_sums_and_rows_of_one_draw_give_one_interval():
    rows = scores_of(numpy.random.default_rng(6), 40, 0.7)
    found = intervals(correlation_sums(*rows.T), {"pearson": correlation}, seed=3, samples=200)
    same = row_intervals(rows, {"pearson": correlation_of_rows}, seed=3, samples=200)
    assert found["pearson"] == pytest.approx(same["pearson"])
    assert -1 <= same["pearson"].low < same["pearson"].value < same["pearson"].high <= 1
    picks = list(draws(40, seed=3, samples=200))
    assert len(picks) == 200 and {len(one) for one in picks} == {40} and list(draws(0, seed=3, samples=9)) == []


def test_several_figures_share_their_draws():
    counts = texts_of(numpy.random.default_rng(7), 30, 0.8)
    found = intervals(counts, {"f1": micro_f1, "again": micro_f1}, seed=2, samples=100)
    assert found["f1"] == found["again"] == pytest.approx(interval(counts, seed=2, samples=100))
    assert intervals(counts[:0], {"f1": micro_f1})["f1"] == Interval(0.0, 0.0, 0.0)


def test_draws_without_a_figure_are_left_out():
    """Of few pairs some draws take one pair only, and have no correlation; of one pair none has."""
    rows = scores_of(numpy.random.default_rng(8), 3, 0.5)
    found = intervals(correlation_sums(*rows.T), {"r": correlation}, samples=200)["r"]
    assert numpy.isfinite(found).all()
    alone = intervals(correlation_sums(*rows[:1].T), {"r": correlation}, samples=20)["r"]
    assert numpy.isnan(alone).all()


@pytest.mark.parametrize(("noise", "differs"), [(0.7, False), (2.5, True)])
def test_systems_are_compared_by_rows(noise: float, differs: bool):
    random = numpy.random.default_rng(9)
    first = scores_of(random, 60, 0.7)
    second = numpy.stack([first[:, 1] + noise * random.normal(size=60), first[:, 1]], axis=-1)
    found = compare_rows(first, second, correlation_of_rows, samples=200)
    assert found.value == pytest.approx(correlation_of_rows(first) - correlation_of_rows(second))
    assert (found.p < 0.05) == differs == (found.low > 0)
    assert compare_rows(first, first, correlation_of_rows, samples=20)[::3] == (0.0, 1.0)
    assert compare_rows(first[:0], first[:0], lambda rows: 0.0).p == 1.0
    with pytest.raises(ValueError, match="different shape"):
        compare_rows(first, second[:5], correlation_of_rows)
