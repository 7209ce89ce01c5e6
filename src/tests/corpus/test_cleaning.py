"""Cleaning: every switch, and the way back to the original."""

from __future__ import annotations

import json
from dataclasses import asdict
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tengjia.config import Settings
from tengjia.data.cleaning import Cleaning
from tengjia.data.editing import Edited
from tengjia.data.example import Example, Span
from tengjia.data.rejects import RejectsFile
from tengjia.errors import ConfigurationError
from tests.corpus.strategies import examples, texts

CASES = [
    ({}, " Ａ张三！5\n", " Ａ张三！5\n"),
    ({"replacements": {r"\[\d+\]": "", "〇": "零"}}, "二〇年[12]的[x]", "二零年的[x]"),
    ({"replacements": {r"(\d+)-(\d+)": r"\2/\1"}}, "1-2和3-4", "2/1和4/3"),
    ({"replacements": {"a*": "x"}}, "baab", "bxb"),
    ({"foreign_words": ""}, "用Python写it's ΑΒΓ、Ｗｏｒｄ、e-mail", "用写 、、"),
    ({"foreign_words": "E"}, "C++和Java8", "E++和E8"),
    ({"numbers": ""}, "5个12.5和1,000和２０２０年", "个和和年"),
    ({"numbers": "0"}, "第5届", "第0届"),
    ({"remove_ascii_punctuation": True}, "a.b，c!`~[]d_e", "ab，cde"),
    ({"remove_chinese_punctuation": True}, "《甲》、乙……丙——丁“戊”～己，庚.", "甲乙丙丁戊己庚."),
    ({"remove_others": True}, "甲🎉乙\u200b Ａb9５，é々〇！㐀𠀀дん", "甲乙 Ａb9５é々〇㐀𠀀"),
    ({"lower_case": True}, "ABC ＡÉΣ İx", "abc ａéσ i̇x"),
    ({"squeeze_blanks": True}, "\u3000 甲 \t\n乙 丙　\n", "甲 乙 丙"),
    (
        {"foreign_words": "W", "lower_case": True, "numbers": "9", "squeeze_blanks": True},
        "Abc  12 甲",
        "w 9 甲",
    ),
    (
        # Punctuation that a replacement puts in is taken out by a later step.
        {"replacements": {"甲": "（甲）"}, "remove_chinese_punctuation": True},
        "甲乙",
        "甲乙",
    ),
]


def cleaning(**values: object) -> Cleaning:
    return Cleaning(Cleaning.Config(**values))  # type: ignore[arg-type]


@pytest.mark.parametrize(("switches", "text", "expected"), CASES)
def test_each_switch(switches, text, expected):
    assert cleaning(**switches).clean(text).text == expected


def test_offsets_lead_back_through_every_step():
    original = "  《张三》 was born in 1988.5，任 总工程师（副） "
    edited = cleaning(
        foreign_words="W",
        numbers="0",
        remove_ascii_punctuation=True,
        remove_chinese_punctuation=True,
        lower_case=True,
        squeeze_blanks=True,
    ).clean(original)
    assert edited.text == "张三 w w w 0任 总工程师副"
    for piece, source in (("张三", "张三"), ("0", "1988.5"), ("总工程师副", "总工程师（副"), ("w w", "was born")):
        start = edited.text.index(piece)
        a, b = edited.back(start, start + len(piece))
        assert original[a:b] == source
        assert edited.forward(a, b) == (start, start + len(piece))


def test_spans_and_tokens_follow():
    example = Example("他叫 ABC 公司！", (Span(3, 9, "ORG"),), "f", 3, ((0, 2), (3, 6), (7, 9), (9, 10)))
    cleaned = cleaning(foreign_words="", remove_chinese_punctuation=True, squeeze_blanks=True).example(
        example, RejectsFile()
    )
    assert cleaned is not None
    assert cleaned.text == "他叫 公司"
    assert [cleaned.text[s.start : s.end] for s in cleaned.spans] == ["公司"]
    assert cleaned.tokens == ((0, 2), (3, 5))
    assert (cleaned.file, cleaned.line) == ("f", 3)


@pytest.mark.parametrize(
    ("switches", "example", "code", "words"),
    [
        ({"numbers": ""}, Example("2020", file="f", line=4), "corpus.cleaned_away", "nothing of the text"),
        (
            {"numbers": ""},
            Example("第5", (Span(1, 2, "N"),)),
            "corpus.span_cleaned_away",
            "1 span(s), the first being `5`",
        ),
        (
            {"numbers": "0"},
            Example("12", (Span(0, 1, "A"), Span(1, 2, "B"))),
            "corpus.span_cleaned_away",
            "the first being `2` (B)",
        ),
    ],
)
def test_what_cannot_survive_is_set_aside(tmp_path, switches, example, code, words):
    with RejectsFile(tmp_path / "rejects.jsonl", max_rejects=1) as rejects:
        assert cleaning(**switches).example(example, rejects) is None
    assert rejects.rejected == {code: 1}
    assert words in (tmp_path / "rejects.jsonl").read_text("utf-8")


def test_by_default_nothing_is_touched():
    example = Example(" A！ ", (Span(1, 2, "X"),))
    assert cleaning().example(example, RejectsFile()) is example


@pytest.mark.parametrize("replacements", [{"(": "x"}, {"[": ""}, {"a": r"\1"}, {"(a)": r"\2"}, {"(a)": r"\g<name>"}])
def test_a_bad_pattern_is_told_before_anything_runs(replacements):
    with pytest.raises(ConfigurationError) as caught:
        cleaning(replacements=replacements)
    assert caught.value.code == "corpus.bad_pattern"
    assert caught.value.problem.key == "cleaning.replacements"


def test_a_config_file_gives_the_same_as_code(tmp_path):
    settings = Settings({"cleaning": {"replacements": {"一": "1"}, "lower_case": True}})
    config = Cleaning.Config(**dict(settings.cleaning))
    assert config == Cleaning.Config(replacements={"一": "1"}, lower_case=True)
    assert json.loads(json.dumps(asdict(config)))["replacements"] == {"一": "1"}


switches = st.fixed_dictionaries(
    {
        "replacements": st.sampled_from([None, {"张+": ""}, {"张三": "李四五", r"\s": "_"}, {"": "x"}]),
        "foreign_words": st.sampled_from([None, "", "W", "ww"]),
        "numbers": st.sampled_from([None, "", "0", "<n>"]),
        "remove_ascii_punctuation": st.booleans(),
        "remove_chinese_punctuation": st.booleans(),
        "remove_others": st.booleans(),
        "lower_case": st.booleans(),
        "squeeze_blanks": st.booleans(),
    }
)


def check_map(original: str, edited: Edited) -> None:
    """The map is whole: one stretch a character, inside the text, rising."""
    places = list(zip(edited.starts, edited.ends))
    assert len(places) == len(edited.text)
    assert all(0 <= a < b <= len(original) for a, b in places)
    assert all(first[0] <= second[0] and first[1] <= second[1] for first, second in pairwise(places))


@given(texts, switches)
def test_the_map_is_whole_and_kept_characters_lead_to_themselves(text, values):
    edited = cleaning(**values).clean(text)
    check_map(text, edited)
    if not (values["replacements"] or values["foreign_words"] or values["numbers"] or values["squeeze_blanks"]):
        for number, character in enumerate(edited.text):
            source = text[slice(*edited.back(number, number + 1))]
            assert character == source or character in source.lower()


@given(texts, switches, st.data())
def test_forward_is_what_brute_force_says_and_leads_back(text, values, data):
    edited = cleaning(**values).clean(text)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    places = list(enumerate(zip(edited.starts, edited.ends)))
    inside = [i for i, (a, b) in places if a >= start and b <= end]
    touched = [i for i, (a, b) in places if a < end and b > start]
    found = inside or touched
    assert edited.forward(start, end) == ((found[0], found[-1] + 1) if found else None)
    if inside:
        a, b = edited.back(inside[0], inside[-1] + 1)
        assert start <= a < b <= end


@given(examples(), switches)
def test_cleaned_examples_are_sound(example, values):
    cleaned = cleaning(**values).example(example, rejects := RejectsFile(max_rejects=9))
    if cleaned is None:
        assert rejects.count == 1
        return
    assert len(cleaned.spans) == len(example.spans)
    assert [s.type for s in cleaned.spans] == [s.type for s in example.spans]
    for items in (cleaned.spans, cleaned.tokens or ()):
        assert all(0 <= item[0] < item[1] <= len(cleaned.text) for item in items)
        assert all(first[1] <= second[0] for first, second in pairwise(items))


@given(texts, switches)
def test_cleaning_is_deterministic_and_squeezing_settles(text, values):
    one = cleaning(**values)
    assert one.clean(text) == one.clean(text)
    squeezed = cleaning(squeeze_blanks=True)
    once = squeezed.clean(text).text
    assert squeezed.clean(once).text == once == " ".join(text.split())
