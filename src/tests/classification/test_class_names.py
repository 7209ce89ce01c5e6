"""What labels mean, however they are written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tengjia.base_tasks.text_classification.class_names import ClassNames, joined_by, key_of, spellings, split

words = st.text("abＡＢ 12１２ 　", min_size=1, max_size=6).filter(lambda word: word.strip())


@pytest.mark.parametrize("written", ["A类", " A类 ", "Ａ类", "　Ａ类\t", "\u00a0A类"])
def test_width_and_blanks_do_not_count(written):
    names = ClassNames(("A类", "B类"))
    assert names.of(written) == ("A类",) and names.known(written) == "A类"


def test_what_is_not_known_stays_as_it_is_written():
    names = ClassNames(("A", "B"), "|", "-")
    assert names.of(" a | Ｂ ||B") == ("a", "B") and names.known("a") is None


@pytest.mark.parametrize(
    ("label", "expected"), [("-", ()), (" － ", ()), ("A|-", ("A",)), ("", ()), ("|", ()), ("A|A", ("A",))]
)
def test_nothing_and_no_class_twice(label, expected):
    assert ClassNames(("A",), "|", "-").of(label) == expected


def test_without_a_separator_the_sign_for_nothing_is_a_class():
    assert split("-", "", "-") == ["-"] and split("a|b", "", "-") == ["a|b"]


def test_the_most_frequent_spelling_is_the_class():
    assert spellings({"Ａ类": 3, "A类": 2, " A类": 2, "b": 1}, "", "-") == ("A类", "b")
    assert spellings({"Ａ类": 5, "A类": 2}, "", "-") == ("Ａ类",)
    assert spellings({"x|y": 2, "ｙ": 1, "-": 9}, "|", "-") == ("x", "y")


@given(st.dictionaries(words, st.integers(1, 9), min_size=1, max_size=6))
def test_every_label_has_exactly_one_class(labels):
    names = ClassNames(spellings(labels, "", "-"))
    keys = [key_of(name) for name in names.names]
    assert len(set(keys)) == len(keys)
    for label in labels:
        (found,) = names.of(label)
        assert found in names.names and key_of(found) == key_of(label)


@pytest.mark.parametrize(
    ("names", "sign"),
    [
        (("a", "b", "a|b"), "|"),
        (("服务", "价格", "服务、价格"), "、"),
        (("a/b", "c"), ""),
        (("a", "a|c"), ""),
        ((), ""),
    ],
)
def test_names_that_look_joined_are_found(names, sign):
    assert joined_by(names) == sign
