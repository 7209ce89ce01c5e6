"""The threshold of refusal against every threshold there is."""

from __future__ import annotations

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tengjia.metrics.refusal import best_threshold

ROWS = st.lists(
    st.tuples(st.sampled_from([0.0, 0.1, 0.2, 0.5, 0.9, 1.0]), st.booleans(), st.booleans()), min_size=1, max_size=12
)


def worth(rows: list[tuple[float, bool, bool]], threshold: float) -> float:
    return sum((right and not refuse) if score >= threshold else refuse for score, right, refuse in rows) / len(rows)


@given(ROWS)
def test_none_is_better(rows: list[tuple[float, bool, bool]]):
    found = best_threshold(*map(numpy.array, zip(*rows)))
    assert found.accuracy == pytest.approx(worth(rows, found.value))
    assert found.accuracy == pytest.approx(max(worth(rows, t) for t in [0, 0.05, 0.15, 0.3, 0.7, 0.95, 1.1]))


def test_in_the_middle_of_the_widest_gap():
    scores = numpy.array([0.9, 0.8, 0.3, 0.25])
    found = best_threshold(scores, numpy.array([1, 1, 0, 0], bool), numpy.array([0, 0, 1, 1], bool))
    assert found.value == pytest.approx(0.55) and found.accuracy == 1.0


def test_nothing_to_choose_by():
    none = numpy.zeros(0)
    assert best_threshold(none, none, none) == (0.5, 0.0)
