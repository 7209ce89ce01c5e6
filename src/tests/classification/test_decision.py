"""From probabilities to classes, and the thresholds that fit best: against brute force."""

from __future__ import annotations

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tengjia.base_tasks.text_classification.decision import (
    Options,
    best_least_score,
    best_threshold,
    decided,
    inside_scores,
)
from tengjia.data.classes import Classes

ONE = Classes(("a", "b", "oos"))
SEVERAL = Classes(("a", "b"), multiple=True)


def test_one_class_or_none_or_the_one_outside():
    rows = numpy.array([[0.7, 0.2, 0.1], [0.4, 0.35, 0.25], [0.1, 0.2, 0.7]])
    assert decided(rows, ONE, None, Options()) == [("a",), ("a",), ("oos",)]
    assert decided(rows, ONE, None, Options(least_score=0.5)) == [("a",), (), ("oos",)]
    assert decided(rows, ONE, "oos", Options(least_score=0.5)) == [("a",), ("oos",), ("oos",)]
    assert decided(rows, ONE, "never learnt", Options(least_score=0.5))[1] == ("never learnt",)
    assert inside_scores(rows, ONE, "oos").tolist() == [0.7, 0.4, 0.2]


def test_several_classes_or_none():
    rows = numpy.array([[0.7, 0.5], [0.1, 0.49]])
    assert decided(rows, SEVERAL, None, Options()) == [("a", "b"), ()]
    assert decided(rows, SEVERAL, None, Options(threshold=0.05)) == [("a", "b"), ("a", "b")]


def test_no_texts_have_no_answers():
    assert decided(numpy.zeros((0, 3)), ONE, None, Options()) == []


tenths = st.integers(0, 10).map(lambda number: number / 10)


@settings(deadline=None, max_examples=300)
@given(st.lists(st.tuples(tenths, tenths, st.booleans(), st.booleans()), min_size=1, max_size=12))
def test_the_threshold_has_the_best_f1(rows):
    probabilities = numpy.array([row[:2] for row in rows])
    gold = numpy.array([row[2:] for row in rows], bool)

    def f1(threshold: float) -> float:
        found = probabilities >= threshold
        return 2 * (found & gold).sum() / max(1, found.sum() + gold.sum())

    chosen = best_threshold(probabilities, gold)
    best = max(map(f1, numpy.linspace(0.0, 1.1, 111)))
    assert f1(chosen) == pytest.approx(best) or not gold.any()


@pytest.mark.parametrize("by", ["accuracy", "balance"])
@settings(deadline=None, max_examples=300)
@given(st.lists(st.tuples(tenths, tenths, tenths, st.sampled_from(["a", "b", "oos", "x"])), min_size=1, max_size=12))
def test_the_least_score_is_the_best_one(by, rows):
    probabilities, gold = numpy.array([row[:3] for row in rows]), [row[3] for row in rows]
    chosen = best_least_score(probabilities, gold, ONE, "oos", by)
    outside = [name == "oos" for name in gold]
    if not any(outside) or all(outside):
        assert chosen == 0.0
        return

    def worth(least: float) -> float:
        answers = [names if row.any() else ("oos",) for names, row in zip(given(least), probabilities)]
        right = [names == (name,) for names, name in zip(answers, gold)]
        shares = [[r for r, o in zip(right, outside) if o is kind] for kind in (True, False)]
        means = [sum(share) / len(share) for share in shares]
        return sum(means) / 2 if by == "balance" else sum(right) / len(right)

    def given(least: float) -> list[tuple[str, ...]]:
        return decided(probabilities, ONE, "oos", Options(least_score=least))

    best = max(map(worth, numpy.linspace(0.0, 1.05, 106)))
    assert worth(chosen) == pytest.approx(best)


def test_what_the_least_score_is_best_by_matters_where_texts_outside_are_few():
    inside = [[0.9, 0.1, 0.0]] * 4 + [[0.6, 0.4, 0.0]] * 4
    probabilities = numpy.array([*inside, [0.7, 0.3, 0.0]])
    gold = ["a"] * 8 + ["oos"]
    assert best_least_score(probabilities, gold, ONE, "oos", "accuracy") == pytest.approx(0.3)  # all 8 are right
    assert best_least_score(probabilities, gold, ONE, "oos", "balance") == pytest.approx(0.8)  # half of 8, and the one


def test_without_a_class_outside_nothing_is_unsure():
    assert best_least_score(numpy.array([[0.5, 0.3, 0.2]]), ["a"], ONE, None) == 0.0
