"""Schedules: warm-up from the first step, closed forms, and state that goes on exactly."""

from __future__ import annotations

import itertools
import json
import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tengjia.registry import schedules

NAMES = ("constant", "linear", "cosine", "noam", "step", "polynomial", "plateau", "self_adjusting")


def build(name: str, total: int = 100, **values: Any) -> Any:
    return schedules.build({"name": name, **values}, total_steps=total)


def test_every_registered_schedule_is_tested_here() -> None:
    assert set(schedules.entries()) == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
@given(st.integers(1, 300), st.one_of(st.floats(0, 0.99), st.integers(1, 50).map(float)))
@settings(max_examples=40, deadline=None)
def test_first_above_zero_growing_in_warmup_and_never_above_one(name: str, total: int, warmup: float) -> None:
    schedule = build(name, total, warmup=warmup)
    factors = [schedule.factor(step) for step in range(total)]
    steps = min(total, math.ceil(warmup * total) if warmup < 1 else int(warmup))
    assert factors[0] > 0
    assert all(0 <= factor <= (1.1000001 if name == "self_adjusting" else 1) for factor in factors)
    assert all(a < b for a, b in itertools.pairwise(factors[:steps]))
    if steps:
        assert factors[0] < 1


@pytest.mark.parametrize(
    ("name", "values", "expected"),
    [
        ("constant", {"warmup": 4}, {0: 0.2, 3: 0.8, 4: 1.0, 99: 1.0, 500: 1.0}),
        ("linear", {"warmup": 0, "last": 0.2}, {0: 1.0, 50: 0.6, 100: 0.2, 200: 0.2}),
        ("linear", {"warmup": 0.2}, {0: 1 / 21, 20: 1.0, 60: 0.5, 100: 0.0}),
        ("cosine", {"warmup": 0}, {0: 1.0, 50: 0.5, 25: 0.5 + 0.5**1.5, 100: 0.0, 300: 0.0}),
        ("cosine", {"warmup": 0, "last": 0.5}, {50: 0.75, 100: 0.5}),
        ("noam", {"warmup": 3}, {0: 0.25, 3: 1.0, 15: 0.5, 63: 0.25}),
        ("noam", {"warmup": 0}, {0: 1.0, 3: 0.5}),
        ("step", {"warmup": 0, "every": 0.25, "fall": 0.1}, {24: 1.0, 25: 0.1, 74: 0.01, 75: 0.001}),
        ("step", {"warmup": 10, "every": 5}, {9: 10 / 11, 10: 1.0, 14: 1.0, 15: 0.5, 20: 0.25}),
        ("polynomial", {"warmup": 0, "power": 2.0}, {0: 1.0, 50: 0.25, 100: 0.0}),
        ("polynomial", {"warmup": 0, "power": 1.0, "last": 0.5}, {50: 0.75}),
        ("plateau", {"warmup": 1}, {0: 0.5, 1: 1.0, 99: 1.0}),
        ("self_adjusting", {"warmup": 1, "window": 2, "ratio": 0.5}, {0: 0.5, 1: 1.0, 2: 1.5, 3: 0.5, 4: 1.0, 7: 1.0}),
        ("self_adjusting", {"warmup": 0, "window": 2, "alternate": False}, {0: 1.0, 1: 1.0, 2: 1.1, 4: 0.9, 6: 1.0}),
    ],
)
def test_values(name: str, values: dict[str, float], expected: dict[int, float]) -> None:
    schedule = build(name, **values)
    assert {step: schedule.factor(step) for step in expected} == pytest.approx(expected)


def test_plateau_waits_and_falls_and_bottoms_out() -> None:
    schedule = build("plateau", warmup=0, patience=1, fall=0.5, last=0.3, threshold=0.01)
    seen = []
    for metric in (0.5, 0.6, 0.605, 0.6, 0.7, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1):
        schedule.observe(metric)
        seen.append(schedule.factor(50))
    assert seen == [1, 1, 1, 0.5, 0.5, 0.5, 0.3, 0.3, 0.3, 0.3, 0.3]


def test_plateau_downwards() -> None:
    schedule = build("plateau", warmup=0, patience=0, direction="min")
    for metric in (2.0, 1.0, 0.5):
        schedule.observe(metric)
    assert schedule.factor(9) == 1.0
    schedule.observe(0.6)
    assert schedule.factor(9) == 0.5


@pytest.mark.parametrize("alternate", [False, True])
@pytest.mark.parametrize("best", [0.2, 1.0, 3.0])
def test_self_adjusting_moves_towards_the_rate_that_serves_best(alternate: bool, best: float) -> None:
    schedule = build("self_adjusting", warmup=2, window=5, ratio=0.1, alternate=alternate)
    loss = 1.0
    for step in range(1200):
        rate = schedule.factor(step)
        schedule.observe(loss)  # of the batch before the update
        loss *= 0.999 + 0.001 * math.log(rate / best) ** 2
    assert abs(math.log(schedule.scale / best)) < 0.12


def test_self_adjusting_blames_no_update_for_another() -> None:
    # With blocks of two, only the higher rate lowers the loss; each fall shows one observation later.
    schedule = build("self_adjusting", warmup=0, window=2, ratio=0.5, alternate=False)
    for loss in (8.0, 8.0, 8.0, 4.0, 2.0, 2.0, 2.0):
        schedule.observe(loss)
    assert schedule.scale == 1.5
    limited = build("self_adjusting", warmup=0, window=2, ratio=0.5, alternate=False, greatest=1.2)
    for loss in (8.0, 8.0, 8.0, 4.0, 2.0, 2.0, 2.0):
        limited.observe(loss)
    assert limited.scale == 1.2


@pytest.mark.parametrize("name", NAMES)
@given(st.integers(0, 80), st.lists(st.floats(0.01, 10), min_size=80, max_size=80))
@settings(max_examples=30, deadline=None)
def test_state_is_json_and_exact(name: str, stop: int, values: list[float]) -> None:
    whole, first = build(name), build(name)
    observes = hasattr(whole, "observes")
    expected = []
    for step, value in enumerate(values):
        expected.append(whole.factor(step))
        if observes:
            whole.observe(value)
    for step in range(stop):
        first.factor(step)
        if observes:
            first.observe(values[step])
    second = build(name)
    second.load_state_dict(json.loads(json.dumps(first.state_dict(), allow_nan=False)))
    got = []
    for step in range(stop, len(values)):
        got.append(second.factor(step))
        if observes:
            second.observe(values[step])
    assert got == expected[stop:]
