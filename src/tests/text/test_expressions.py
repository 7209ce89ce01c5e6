"""Expressions against `re`, and against those who would have them run for ever."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tengjia.messages import text as words
from tengjia.text.expression_syntax import ExpressionError
from tengjia.text.expressions import LONGEST_TEXT, Expression, Values

SLOTS = {"city": Values({"北京": ["帝都", "京城"], "北京市": [], "New York": ["NY"]}), "pay": r"\d+(k|千)?"}

ATOMS = st.sampled_from(["a", "b", "c", ".", "[ab]", "[^a]", r"\w", r"\d", "^", "$", "1", "[b-d]"])
EXPRESSIONS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.builds("({}|{})".format, inner, inner),
        st.builds("{}{}".format, inner, inner),
        st.builds("({}){}".format, inner, st.sampled_from(["*", "+", "?", "{2}", "{1,2}", "{0,}", "*?", "+?", "??"])),
    ),
    max_leaves=8,
)


@settings(max_examples=400, deadline=None)
@given(EXPRESSIONS, st.text("abc1", max_size=8))
def test_found_where_re_finds(expression: str, text: str):
    found = Expression("{all}", {"all": expression}).search(text)
    expected = re.search(expression.replace("$", r"\Z"), text)
    assert (found is None) == (expected is None)
    if expected is not None and not re.search(
        r"\)[*+{]", expression
    ):  # what empty rounds of a loop are worth, engines differ
        assert found == {"all": expected[0]}


@pytest.mark.parametrize(
    ("expression", "text", "expected"),
    [
        ("{city}有(什么|哪些)职位", "请问帝都有哪些职位", {"city": "北京"}),
        ("在{city}", "住在北京市的", {"city": "北京市"}),
        ("{city}市", "北京市", {"city": "北京"}),
        ("去{city}", "想去ＮＥＷ　york", {"city": "New York"}),
        ("(月薪|工资){pay}", "工资１５Ｋ左右", {"pay": "１５Ｋ"}),
        ("从{city}到{city}", "从帝都到NY", {"city": "New York"}),
        ("你好[啊呀]?[!。]*$", "你好呀！！", {}),
        ("^你好$", "你好吗", None),
        (r"c\+\+", "会C++吗", {}),
        ("[-a]{2}", "-a", {}),
        ("[]x]", "]", {}),
        ("", "什么都行", {}),
        ("a{2,3}?", "aaa", {}),
        ("x" * 3, "x" * (LONGEST_TEXT + 1), None),
    ],
)
def test_slots(expression: str, text: str, expected: dict[str, str] | None):
    assert Expression(expression, SLOTS).search(text) == expected


@pytest.mark.parametrize(
    ("expression", "code", "place"),
    [
        ("(a", "expression.unclosed", 1),
        ("a)", "expression.unopened", 2),
        ("[a", "expression.unclosed", 1),
        ("[", "expression.unclosed", 1),
        ("*a", "expression.nothing_to_repeat", 1),
        ("a**", "expression.nothing_to_repeat", 3),
        ("a{", "expression.bad_brace", 2),
        ("a{2,1}", "expression.bad_times", 2),
        ("a{0,9999}", "expression.bad_times", 2),
        ("(?=a)", "expression.not_in_subset", 1),
        ("(?P<x>a)", "expression.not_in_subset", 1),
        ("(?R)", "expression.not_in_subset", 1),
        (r"(a)\1", "expression.not_in_subset", 4),
        ("a\\", "expression.not_in_subset", 2),
        ("[b-a]", "expression.bad_range", 4),
        (r"[\d-a]" + r"[a-\d]", "expression.bad_range", 11),
        ("{town}", "expression.unknown_slot", 1),
        ("{again}", "expression.slot_in_slot", 1),
        ("x" * 1001, "expression.too_long", 1000),
        ("(" * 30 + ")" * 30, "expression.too_deep", 21),
        ("(((a{99}){99}){99}){99}", "expression.too_large", 1),
        ("((((a?){200}){200}){200}){200}", "expression.too_large", 1),
    ],
)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_is_wrong_is_told(expression: str, code: str, place: int, language: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TENGJIA_LANG", language)
    began = time.process_time()
    with pytest.raises(ExpressionError) as error:
        Expression(expression, {"city": Values(["北京"]), "again": "x{city}"})
    assert (error.value.code, error.value.values["place"]) == (code, place)
    assert words(code, **error.value.values).message
    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    "expression",
    ["(a+)+$", "(a|a)*b", "(a|aa)+$", "(.*)*x", "(a*)*(a*)*b", "(x+x+)+y|(a+a+)+c", "(.*?,){11}P", "(a?){150}a{150}b"],
)
def test_nothing_runs_for_ever(expression: str):
    found = Expression(expression)
    began = time.process_time()
    assert found.search("a" * (LONGEST_TEXT - 1) + "!") is None
    assert time.process_time() - began < 3


def test_a_needed_word_spares_the_search():
    assert Expression("(你|您)好{city}?[a-z]投简历", SLOTS)._needed == ("投简历",)
    assert Expression("(甲乙|丙).*", SLOTS)._needed == ("甲乙", "丙")
    assert Expression("甲?|.")._needed == ()
    assert Expression("甲*乙{2}丙")._needed == ("乙",)
