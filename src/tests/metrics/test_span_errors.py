"""What went wrong with spans."""

from __future__ import annotations

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tengjia.metrics.span_counts import count_spans
from tengjia.metrics.span_errors import (
    Kind,
    confusion,
    counts_by_length,
    counts_by_novelty,
    error_kinds,
    judge,
    known_surfaces,
)

TYPES = ("A", "B")


@pytest.mark.parametrize(
    ("span", "others", "kind", "other"),
    [
        ((2, 5, "A"), [(2, 5, "A")], Kind.RIGHT, (2, 5, "A")),
        ((2, 5, "A"), [(2, 5, "B")], Kind.TYPE, (2, 5, "B")),
        ((2, 5, "A"), [(2, 4, "A")], Kind.BOUNDARY, (2, 4, "A")),
        ((2, 5, "A"), [(4, 9, "B")], Kind.BOTH, (4, 9, "B")),
        ((2, 5, "A"), [(1, 4, "B"), (4, 5, "A")], Kind.BOUNDARY, (4, 5, "A")),
        ((2, 5, "A"), [(2, 3, "A"), (3, 5, "A")], Kind.BOUNDARY, (3, 5, "A")),
        ((2, 5, "A"), [(1, 3, "A"), (4, 6, "A")], Kind.BOUNDARY, (1, 3, "A")),
        ((2, 5, "A"), [(0, 2, "A"), (5, 6, "A")], Kind.SPURIOUS, None),
        ((2, 5, "A"), [], Kind.SPURIOUS, None),
    ],
)
def test_kinds(span, others, kind, other):
    (judged,) = judge([span], others, Kind.SPURIOUS)
    assert judged == (span, kind, other)


def test_error_kinds_are_counted_on_both_sides():
    gold = [[(0, 2, "A"), (3, 5, "B")], [(0, 1, "A")], []]
    predicted = [[(0, 2, "B"), (3, 6, "B")], [], [(0, 1, "A")]]
    assert error_kinds(predicted, gold) == {
        "gold": {"right": 0, "type": 1, "boundary": 1, "boundary_and_type": 0, "missed": 1},
        "predicted": {"right": 0, "type": 1, "boundary": 1, "boundary_and_type": 0, "spurious": 1},
    }


def test_confusion_by_hand():
    gold = [[(0, 2, "A"), (3, 5, "B"), (6, 7, "A")]]
    predicted = [[(0, 2, "B"), (3, 5, "B"), (6, 8, "A")]]
    assert confusion(predicted, gold, TYPES).tolist() == [[0, 1, 1], [0, 1, 0], [1, 0, 0]]


@st.composite
def laid_out(draw):
    """Spans of a text of 12 characters, without overlap."""
    spans, place = [], 0
    while (place := place + draw(st.integers(0, 4))) < 11:
        end = min(12, place + draw(st.integers(1, 4)))
        spans.append((place, end, draw(st.sampled_from(TYPES))))
        place = end
    return spans


pairs = st.lists(st.tuples(laid_out(), laid_out()), max_size=4)


@given(pairs)
def test_all_views_agree_with_the_counts(texts):
    predicted, gold = [p for p, _ in texts], [g for _, g in texts]
    counts = count_spans(predicted, gold, TYPES).sum(axis=0)
    table = confusion(predicted, gold, TYPES)
    assert numpy.diag(table)[:2].tolist() == counts[:, 0].tolist()
    assert table.sum(axis=0)[:2].tolist() == counts[:, 1].tolist()
    assert table.sum(axis=1)[:2].tolist() == counts[:, 2].tolist()
    kinds = error_kinds(predicted, gold)
    assert sum(kinds["gold"].values()) == counts[:, 2].sum()
    assert sum(kinds["predicted"].values()) == counts[:, 1].sum()
    assert kinds["gold"]["right"] == kinds["predicted"]["right"] == counts[:, 0].sum()
    assert kinds["gold"]["type"] == kinds["predicted"]["type"] == table[0, 1] + table[1, 0]
    for groups in (
        counts_by_length(predicted, gold, (1, 2, 4)),
        counts_by_novelty(predicted, gold, ["abcdefghijkl"] * len(texts), {"ab": {"A"}}),
    ):
        assert sum(groups.values()).tolist() == counts.sum(axis=0).tolist()


def test_groups_by_length():
    gold = [[(0, 1, "A"), (2, 4, "A"), (5, 30, "B")]]
    groups = counts_by_length(gold, gold, (1, 2, 3, 5))
    assert {name: part.tolist() for name, part in groups.items()} == {
        "1": [1, 1, 1], "2": [1, 1, 1], "3-4": [0, 0, 0], "5+": [1, 1, 1]
    }  # fmt: skip


def test_groups_by_novelty():
    known = known_surfaces(["张三在北京", "长江"], [[(0, 2, "PER"), (3, 5, "LOC")], [(0, 2, "LOC")]])
    assert known == {"张三": {"PER"}, "北京": {"LOC"}, "长江": {"LOC"}}
    texts, gold = ["张三和李四过长江"], [[(0, 2, "PER"), (3, 5, "PER"), (6, 8, "PER")]]
    groups = counts_by_novelty([[(0, 2, "PER")]], gold, texts, known)
    assert {name: part.tolist() for name, part in groups.items()} == {
        "seen": [1, 1, 1], "seen_as_other": [0, 0, 1], "unseen": [0, 0, 1]
    }  # fmt: skip
