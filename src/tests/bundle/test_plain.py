"""Whatever a run was configured with, its bundle holds a config that may be read again."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tengjia.bundle.plain import check_plain, without_places

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["/a/b", "C:\\x", "${y}"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3) | st.tuples(inner),
)


@given(values)
def test_every_config_can_be_made_plain(value: Any) -> None:
    plain = without_places(value)
    check_plain(plain, "file")
    assert without_places(plain) == plain
    json.dumps(plain, allow_nan=False)


def test_deep_and_long_values_are_cut() -> None:
    value: Any = "x" * 10_000
    assert len(without_places(value)) == 200
    for _ in range(50):
        value = [value]
    check_plain(without_places(value), "file")


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        ({"a": 1, "dataset_root": "/home/me"}, {"a": 1}),
        ({"train": ("/home/me/a.txt", "ner/b.txt")}, {"train": ["a.txt", "ner/b.txt"]}),
        ("../words.txt", "words.txt"),
        ("C:\\data\\words.txt", "words.txt"),
        ("${oc.env:HOME}", "__oc.env_HOME_"),
        ({"replacements": {r"https?://\S+": ""}}, {"replacements": [["S_", ""]]}),
        ("..", "_"),
    ],
)
def test_what_becomes_of_places(value: Any, plain: Any) -> None:
    assert without_places(value) == plain
