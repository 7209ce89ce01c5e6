"""The coding of values that the server of the tests speaks: what is written is read again."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.tests.graph.packstream import message, packed, read_message

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(1 << 63), (1 << 63) - 1)
    | st.floats(allow_nan=False)
    | st.text(max_size=300),
    lambda inner: st.lists(inner, max_size=20) | st.dictionaries(st.text(max_size=5), inner, max_size=20),
    max_leaves=30,
)


@given(VALUES)
def test_what_is_written_is_read(value: Any):
    tag, (read,) = read_message(message(0x71, value))
    assert (tag, read) == (0x71, value) and type(read) is type(value)


@pytest.mark.parametrize(
    ("value", "data"),
    [
        (None, "c0"),
        (True, "c3"),
        (1, "01"),
        (-16, "f0"),
        (-17, "c8ef"),
        (128, "c90080"),
        (1.5, "c13ff8000000000000"),
        ("a", "8161"),
        ("é" * 8, "d010" + "c3a9" * 8),
        ([1, 2], "920102"),
        ({"a": 1}, "a1816101"),
        ([0] * 300, "d5012c" + "00" * 300),
    ],
    ids=lambda value: str(value)[:20],
)
def test_bytes_of_the_specification(value: Any, data: str):
    assert packed(value).hex() == data


@pytest.mark.parametrize("data", ["", "01", "b1", "b171", "b17181", "b171c7", "b17101ff", "b171d1ffff61"])
def test_what_is_no_message(data: str):
    with pytest.raises((ValueError, IndexError)):
        read_message(bytes.fromhex(data))
