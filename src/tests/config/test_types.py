"""Which values fit which types."""

from __future__ import annotations

import ast
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tengjia.config.types import Misfit, Type, described, fit, read_type


def kind(text: str) -> Type:
    return read_type(ast.parse(text, mode="eval").body)


@pytest.mark.parametrize(
    ("annotation", "value", "fitted"),
    [
        ("int", 3, 3),
        ("float", 3, 3.0),
        ("float", 1e-5, 1e-5),
        ("str", "a", "a"),
        ("bool", False, False),
        ("int | None", None, None),
        ("None | str", "x", "x"),
        ("'int | None'", 4, 4),
        ('Literal["a", "b"]', "b", "b"),
        ("Literal[1, 2] | None", 2, 2),
        ("tuple[str, ...]", ["a"], ("a",)),
        ("tuple[float, float]", [1, 2], (1.0, 2.0)),
        ("tuple[tuple[int, ...], ...]", [[1], []], ((1,), ())),
        ("list[int]", [1, 2], (1, 2)),
        ("dict[str, float]", {"a": 1}, {"a": 1.0}),
        ("dict[str, tuple[int, ...]] | None", {"a": [1]}, {"a": (1,)}),
        ("str | tuple[str, ...]", ["a", "b"], ("a", "b")),
        ("Secret | None", "s", "s"),
    ],
)
def test_fits(annotation: str, value: Any, fitted: Any):
    found = fit(value, kind(annotation))
    assert found == fitted and type(found) is type(fitted)


@pytest.mark.parametrize(
    ("annotation", "value", "path"),
    [
        ("int", True, ()),
        ("int", 1.0, ()),
        ("int", "1", ()),
        ("float", True, ()),
        ("float", "1e-3", ()),
        ("float", math.nan, ()),
        ("float", math.inf, ()),
        ("str", 1, ()),
        ("str", None, ()),
        ("bool", 0, ()),
        ("bool", "true", ()),
        ('Literal["a"]', "b", ()),
        ("Literal[1]", True, ()),
        ("Literal[True]", 1, ()),
        ("tuple[int, ...]", "ab", ()),
        ("tuple[int, ...]", [1, "2"], (1,)),
        ("tuple[int, int]", [1], ()),
        ("dict[str, int]", {"a": "b"}, ("a",)),
        ("dict[str, int]", {1: 1}, ()),
        ("dict[str, int]", [], ()),
        ("tuple[int, ...] | None", ["a"], (0,)),
    ],
)
def test_does_not_fit(annotation: str, value: Any, path: tuple[Any, ...]):
    with pytest.raises(Misfit) as caught:
        fit(value, kind(annotation))
    assert caught.value.path == path


@pytest.mark.parametrize("annotation", ["Any", "object", "Path", "int or str", "Callable[[], int]", "set[int]", "f()"])
def test_unreadable_annotations(annotation: str):
    with pytest.raises(ValueError):
        kind(annotation)


@pytest.mark.parametrize(
    ("annotation", "words"),
    [
        ("int | None", "int | null"),
        ('Literal["a", "b"]', "a | b"),
        ("tuple[str, ...]", "list[str]"),
        ("dict[str, float]", "mapping[str, float]"),
    ],
)
def test_words(annotation: str, words: str):
    assert str(kind(annotation)) == words


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)
ANNOTATIONS = ["int", "float", "str", "bool", "int | None", "tuple[int, ...]", "dict[str, float]", 'Literal["a", 1]']


@given(PLAIN, st.sampled_from(ANNOTATIONS))
def test_fitting_twice_changes_nothing(value: Any, annotation: str):
    assert described(value)
    try:
        once = fit(value, kind(annotation))
    except Misfit as misfit:
        assert misfit.expected
        return
    assert fit(once, kind(annotation)) == once
