"""What goes into a config comes back as it was: the same values of the same types."""

from __future__ import annotations

import json
import math
from collections import OrderedDict, namedtuple
from enum import IntEnum
from pathlib import Path

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tengjia.errors import CheckpointError, ConfigurationError
from tengjia.pretrained import ConfigMixin, Ignore, save_config
from tengjia.pretrained.values import decode, encode


class Holder(ConfigMixin):
    @save_config
    def __init__(self, value, *rest, **more):
        self.value, self.rest, self.more = value, rest, more


def unknown(value, place):
    return NotImplemented


def no_object(value):
    raise AssertionError(f"{value} was taken for an object")


def there_and_back(value):
    return decode(json.loads(json.dumps(encode(value, "x", unknown), allow_nan=False)), no_object)


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8) | st.sampled_from(
    ["__module__", "__type__", "__tuple__", "__dict__", "__subfolder__", "__value__", "__weight__", "__args__", "____"]
)
keys = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts | st.tuples(texts, st.integers())
atoms = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts
values = st.recursive(
    atoms,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(keys, inner, max_size=3)
        | st.sets(keys, max_size=3)
        | st.frozensets(keys, max_size=3)
    ),
    max_leaves=12,
)


def same(left, right) -> bool:
    """Equal, and of the same types all the way down."""
    if type(left) is not type(right):
        return False
    if isinstance(left, dict):
        return list(map(repr, left)) == list(map(repr, right)) and all(
            same(a, b) for a, b in zip(left.values(), right.values())
        )
    if isinstance(left, list | tuple):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, set | frozenset):
        return sorted(map(repr, left)) == sorted(map(repr, right))
    return left == right


@given(values)
def test_every_value_comes_back(value):
    assert same(there_and_back(value), value)


def test_no_number_and_infinities_come_back():
    assert math.isnan(there_and_back([float("nan")])[0])
    assert there_and_back((float("inf"), -float("inf"))) == (float("inf"), -float("inf"))


def test_the_same_value_is_the_same_text():
    left, right = {"b", "a", "c"}, {"c", "b", "a"}
    assert encode(left, "x", unknown) == encode(right, "x", unknown) == {"__set__": ["a", "b", "c"]}


Point = namedtuple("Point", "x y")


class Size(IntEnum):
    SMALL = 1


@pytest.mark.parametrize(
    ("value", "named"),
    [
        (object(), "builtins.object"),
        (int, "builtins.type"),
        (len, "builtins.builtin_function_or_method"),
        (numpy.zeros(2), "numpy.ndarray"),
        (numpy.float32(1), "numpy.float32"),
        (b"bytes", "builtins.bytes"),
        (1j, "builtins.complex"),
        (Path("x"), "PosixPath"),
        (Point(1, 2), "Point"),
        (OrderedDict(), "collections.OrderedDict"),
        (Size.SMALL, "Size"),
    ],
)
def test_what_a_config_cannot_hold_is_refused_with_its_place(value, named):
    with pytest.raises(ConfigurationError) as caught:
        Holder({"layers": [1, (value,)]})
    assert caught.value.code == "pretrained.bad_value"
    assert caught.value.problem.key == "value.layers.1.0"
    assert named in caught.value.message and "Ignore" in caught.value.hint


@pytest.mark.parametrize("text", ["\ud800", {"\ud800": 1}], ids=["value", "key"])
def test_half_a_surrogate_pair_is_refused(text):
    with pytest.raises(ConfigurationError, match=r"cannot be written as UTF-8 \[pretrained.bad_text\]"):
        Holder(text)


def test_a_list_that_holds_itself_is_refused():
    value: list = []
    value.append(value)
    with pytest.raises(ConfigurationError, match="pretrained.too_deep"):
        Holder(value)


def test_an_object_that_holds_itself_is_refused(tmp_path):
    inner: list = []
    outer = Holder(inner)
    inner.append(outer)
    with pytest.raises(ConfigurationError, match="pretrained.inside_itself"):
        outer.save_pretrained(tmp_path)
    assert not list(tmp_path.iterdir()), "nothing half written is left"


@pytest.mark.parametrize(
    "value",
    [
        {"__tuple__": 3},
        {"__float__": "1e999"},
        {"__float__": 3},
        {"__dict__": [[1]]},
        {"__dict__": {"a": 1}},
        {"__dict__": [[{"__dict__": []}, 1]]},
        {"__set__": [[1]]},
        {"__frozenset__": "ab"},
    ],
)
def test_what_encode_never_writes_is_refused(value):
    with pytest.raises(CheckpointError, match="pretrained.bad_config"):
        decode(value, no_object)


@pytest.mark.parametrize(
    "value", [{"__tuple__": [], "x": 1}, {"__unknown__": 1}, {"__tuple__": [], "__set__": []}, {"__module__": "x"}]
)
def test_reserved_keys_that_are_no_value_are_looked_up_as_objects(value):
    with pytest.raises(AssertionError, match="taken for an object"):
        decode(value, no_object)


def test_ignored_values_may_be_anything():
    class Free(ConfigMixin):
        @save_config
        def __init__(self, tool: Ignore = None):
            self.tool = tool

    assert Free(object()).config == {"__module__": f"{__name__}.{Free.__qualname__}"}
