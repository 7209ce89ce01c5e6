"""Places of pieces in the words that jieba finds."""

from __future__ import annotations

import copy

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tengjia.data.token_arrays import cut
from tengjia.errors import DataError
from tengjia.registry import tokenizers
from tengjia.text.word_lists import Entry
from tengjia.text.word_places import PARTS_OF_SPEECH, WordPlaces

BEGIN, MIDDLE, END, SINGLE = 2, 3, 4, 5


def places(feature: WordPlaces, *texts: str, tokenizer: str = "character") -> list[int]:
    tokens = cut(tokenizers.build({"name": tokenizer}), texts)
    found = feature.of_pieces(texts, tokens, tokens.codes)
    assert found.dtype == numpy.int32 and len(found) == len(tokens.starts)
    return found.tolist()


def test_places_in_words():
    assert places(WordPlaces(), "高勇先生", "在北京") == [BEGIN, END, BEGIN, END, SINGLE, BEGIN, END]
    assert places(WordPlaces(), "有限公司") == [BEGIN, MIDDLE, MIDDLE, END]


def test_parts_of_speech():
    feature = WordPlaces.made((), parts_of_speech=True)
    person, place = PARTS_OF_SPEECH.index("nr"), PARTS_OF_SPEECH.index("ns")
    assert places(feature, "高勇北京") == [4 * person + BEGIN, 4 * person + END, 4 * place + BEGIN, 4 * place + END]
    assert len(feature) == 2 + 4 * len(PARTS_OF_SPEECH)


def test_words_and_tags_of_ones_own():
    entries = [Entry("藤架首席", 1000, "TITLE"), Entry("无标签词", None, None)]
    feature = WordPlaces.made(entries, parts_of_speech=True)
    assert feature.tags[-1] == "TITLE" and feature.tags.count("nr") == 1
    title = 4 * (len(feature.tags) - 1)
    assert places(feature, "藤架首席") == [title + BEGIN, title + MIDDLE, title + MIDDLE, title + END]
    assert set(places(feature, "无标签词")) == {1}, "a word without a tag is of unknown kind"
    assert places(WordPlaces(entries), "无标签词") == [BEGIN, MIDDLE, MIDDLE, END]


@given(st.lists(st.text(max_size=30), max_size=4))
def test_every_piece_of_any_text_gets_an_id(texts):
    for feature in (WordPlaces(), WordPlaces.made((), parts_of_speech=True)):
        for tokenizer in ("character", "whitespace"):
            found = places(feature, *texts, tokenizer=tokenizer)
            assert all(0 < number < len(feature) for number in found)
            assert found == [number for text in texts for number in places(feature, text, tokenizer=tokenizer)]


def test_saved_and_copied(tmp_path):
    feature = WordPlaces.made([Entry("藤架首席", 1000, "TITLE")], parts_of_speech=True)
    expected = places(feature, "他是藤架首席，高勇")
    feature.save(tmp_path / "words.json")
    for other in (WordPlaces.load(tmp_path / "words.json"), copy.deepcopy(feature)):
        assert other.entries == feature.entries and other.tags == feature.tags
        assert places(other, "他是藤架首席，高勇") == expected


BROKEN = [
    ("[]", "TypeError"),
    ("{", "JSONDecodeError"),
    ('{"tags": []}', "'entries'"),
    ('{"tags": "nr", "entries": []}', "`tags`"),
    ('{"tags": [1], "entries": []}', "`tags`"),
    ('{"tags": [], "entries": [["", 1, null]]}', "`entries`"),
    ('{"tags": [], "entries": [["a", true, null]]}', "`entries`"),
    ('{"tags": [], "entries": [["a", -1, null]]}', "`entries`"),
    ('{"tags": [], "entries": [["a", 1]]}', "ValueError"),
    ('{"tags": [], "entries": [["a", 1, 7]]}', "`entries`"),
]


@pytest.mark.parametrize(("content", "told"), BROKEN)
def test_broken_files(tmp_path, content, told):
    file = tmp_path / "words.json"
    file.write_text(content, "utf-8")
    with pytest.raises(DataError) as caught:
        WordPlaces.load(file)
    assert caught.value.code == "encoding.bad_file" and told in str(caught.value)


def test_an_absent_file(tmp_path):
    with pytest.raises(DataError, match="words.json"):
        WordPlaces.load(tmp_path / "words.json")
