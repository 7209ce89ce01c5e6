"""Patterns: what they match, and that nobody can make them slow."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tengjia.graph.dictionary import Dictionary, normalised
from tengjia.graph.elements import Entity
from tengjia.graph.patterns import Matcher, PatternError, compile_pattern

NAMES = Dictionary(
    [
        Entity("1", "Company", "清河钢铁"),
        Entity("2", "Company", "清河"),
        Entity("3", "Person", "王 Ａ"),
        Entity("4", "Company", "C++ 之家"),
    ],
    {"works_at.jobs": ["董事", "董事长"]},
)
SLOTS = {"company": "Company", "person": "Person", "job": "works_at.jobs"}
MATCHER = Matcher(NAMES, SLOTS, ["请问", "的", "是"])


def matched(pattern: str, text: str) -> list[dict[str, str]]:
    readings = MATCHER.match(compile_pattern(pattern), normalised(text))
    return [{slot: entries[0].name for slot, entries in reading.items()} for reading in readings]


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("谁{company}{job}", "谁是清河钢铁的董事长？", [{"company": "清河钢铁", "job": "董事长"}]),
        ("谁{company}{job}", "请问：谁是清河的董事", [{"company": "清河", "job": "董事"}]),
        ("{company}{job}", "清河钢铁董事长", [{"company": "清河钢铁", "job": "董事长"}]),
        ("{company}钢铁{job}", "清河钢铁董事长", [{"company": "清河", "job": "董事长"}]),
        ("{person}(在|于)[哪|哪里]", "王a在", [{"person": "王 Ａ"}]),
        ("{person}(在|于)[哪|哪里]", "王Ａ 于 哪里", [{"person": "王 Ａ"}]),
        ("{person}(在|于)", "王A", []),
        ("{company}[好]", "c++之家 好！", [{"company": "C++ 之家"}]),
        ("{company}", "清河钢", []),
        ("a[b[c|d]]e", "abde", [{}]),
        ("a[b[c|d]]e", "ade", []),
        (r"\[{job}\]好", "董事好", [{"job": "董事"}]),
        ("谁{company}", "谁不是清河", []),
    ],
)
def test_matches(pattern: str, text: str, expected: list[dict[str, str]]):
    assert matched(pattern, text) == expected


@pytest.mark.parametrize(
    "pattern", ["(a", "a)", "[a", "a]", "{a", "a}", "{}", "{a b}", "a|b", "", "。", "(" * 20 + ")" * 20, "a" * 401]
)
def test_what_is_no_pattern(pattern: str):
    with pytest.raises(PatternError):
        compile_pattern(pattern)


@given(st.text(alphabet="ab()[]{}|\\x", max_size=60), st.text(alphabet="ab", max_size=20))
def test_any_pattern_is_compiled_and_matched_or_refused(pattern: str, text: str):
    try:
        compiled = compile_pattern(pattern)
    except PatternError:
        return
    if compiled.slots <= SLOTS.keys():
        MATCHER.match(compiled, text)


def test_no_pattern_is_slow():
    greedy = Dictionary([Entity(str(length), "Company", "a" * length) for length in range(1, 30)])
    matcher = Matcher(greedy, {"c": "Company"}, ["a", "aa", "aaa"])
    pattern = compile_pattern("[a|aa|aaa][a|aa]{c}[a|[a|[aa]]]{c}(a|aa|aaa){c}[a|aa]{c}b")
    began = time.perf_counter()
    assert matcher.match(pattern, "a" * 400) == []
    assert time.perf_counter() - began < 10


@given(st.text(max_size=30))
def test_normalising_twice_is_once(text: str):
    assert normalised(normalised(text)) == normalised(text) or any(ord(character) > 127 for character in text)


def test_near_names():
    assert NAMES.near("清河钢厂的董事长是谁")[:1] == ["董事长"]
    assert "清河钢铁" in NAMES.near("清河钢鉄")
    assert NAMES.near("xyz") == []
