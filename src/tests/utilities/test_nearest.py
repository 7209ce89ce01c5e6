"""The right name comes first when it is one edit away."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tengjia.utilities.nearest import edits, nearest


@pytest.mark.parametrize(
    ("word", "known", "expected"),
    [
        ("bilstm_crv", ["bilstm_crf", "bilstm_softmax", "cnn_crf"], "bilstm_crf"),
        ("ocsine", ["cosine", "constant"], "cosine"),
        ("Adam", ["adam", "adamw"], "adam"),
        ("x", ["y"], "y"),
    ],
)
def test_nearest_first(word, known, expected):
    assert nearest(word, known)[0] == expected


def test_nothing_similar_nothing_said():
    assert nearest("tokenizer", ["zzz", "qq"]) == []


def test_at_most_three():
    assert len(nearest("aaa", ["aab", "aac", "aad", "aae"])) == 3


def slow_edits(a: str, b: str) -> int:
    """Optimal string alignment by its recursive definition."""
    if not a or not b:
        return len(a) + len(b)
    best = min(slow_edits(a[1:], b) + 1, slow_edits(a, b[1:]) + 1, slow_edits(a[1:], b[1:]) + (a[0] != b[0]))
    if len(a) > 1 and len(b) > 1 and a[0] == b[1] and a[1] == b[0]:
        best = min(best, slow_edits(a[2:], b[2:]) + 1)
    return best


@given(st.text("abc", max_size=5), st.text("abc", max_size=5))
def test_edits_follow_the_definition(a, b):
    assert edits(a, b, 99) == slow_edits(a, b)
