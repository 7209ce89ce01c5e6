"""Jieba: exact offsets, and dictionaries that belong to one tokenizer."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest
from hypothesis import given, settings

from src.tests.text.strategies import check_offsets, texts
from tengjia.errors import DataError
from tengjia.registry import tokenizers
from tengjia.text.word_lists import Entry, dictionary_text, read_dictionary


def build(root: Path | None = None, **values):
    roots = None if root is None else {"dataset_root": root}
    return tokenizers.build({"name": "jieba", **values}, roots=roots)


@settings(deadline=None)
@given(texts)
def test_every_character_but_white_space_is_in_one_piece(text):
    tokens = build().tokenize(text)
    assert check_offsets(text, tokens) == {i for i, character in enumerate(text) if not character.isspace()}
    assert tokens.pieces == [text[s:e] for s, e in zip(tokens.starts, tokens.ends)]


def test_pieces():
    assert build().tokenize("我们在北京大学").pieces == ["我们", "在", "北京大学"]
    assert build(lowercase=True, fold_width=True).tokenize("Hello，Ａ").pieces == ["hello", ",", "a"]
    guessed, known = build().tokenize("他来到了网易杭研大厦"), build(hmm=False).tokenize("他来到了网易杭研大厦")
    assert "杭研" in guessed.pieces and "杭研" not in known.pieces


def test_a_dictionary_belongs_to_one_tokenizer(tmp_path):
    (tmp_path / "a.txt").write_text("深藤架框架 10 n\n", "utf-8")
    (tmp_path / "b.txt").write_text("\ufeff框架平台\r\n深藤架框架 999 nz\r\n\r\n", "utf-8")
    text = "深藤架框架平台"
    plain, one, two = (
        build(),
        build(tmp_path, user_dictionaries=("a.txt",)),
        build(tmp_path, user_dictionaries=("b.txt",)),
    )
    assert plain.tokenize(text).pieces == ["深", "藤架", "框架", "平台"]
    assert one.tokenize(text).pieces == ["深藤架框架", "平台"]
    assert two.tokenize("框架平台").pieces == ["框架平台"]
    assert plain.tokenize(text).pieces == ["深", "藤架", "框架", "平台"]
    both = build(tmp_path, user_dictionaries=("a.txt", "b.txt"))
    assert both.entries == [Entry("深藤架框架", 999, "nz"), Entry("框架平台", None, None)]


def test_dictionaries_go_with_the_model(tmp_path):
    (tmp_path / "a.txt").write_text("深藤架框架\n云计算大会 5\n", "utf-8")
    first = build(tmp_path, user_dictionaries=("a.txt",))
    first.save(tmp_path / "saved")
    (tmp_path / "a.txt").unlink()
    second = build(user_dictionaries=("a.txt",))
    second.load(tmp_path / "saved")
    assert second.entries == first.entries
    assert second.tokenize("深藤架框架").pieces == ["深藤架框架"] == first.tokenize("深藤架框架").pieces
    travelled = copy.copy(second)  # by the same protocol that takes it to another process
    assert travelled._segmenter is None and travelled.tokenize("深藤架框架").pieces == ["深藤架框架"]


def test_words_that_can_never_be_cut_are_told(tmp_path, caplog):
    (tmp_path / "a.txt").write_text("两 个词 10 n\n", "utf-8")
    build(tmp_path, user_dictionaries=("a.txt",)).tokenize("两 个词")
    assert "never cut whole" in caplog.text and "两 个词" in caplog.text


@pytest.mark.parametrize(
    ("line", "entry"),
    [
        ("藤架", Entry("藤架", None, None)),
        ("藤架 3", Entry("藤架", 3, None)),
        ("藤架 nz", Entry("藤架", None, "nz")),
        (" 藤架\t3\tnz ", Entry("藤架", 3, "nz")),
        ("2026", Entry("2026", None, None)),
        ("Tengjia Lab 3", Entry("Tengjia Lab", 3, None)),
    ],
)
def test_lines_of_a_dictionary(tmp_path, line, entry):
    (tmp_path / "d.txt").write_text(f"\n{line}\n", "utf-8")
    assert read_dictionary(tmp_path / "d.txt") == [entry]
    (tmp_path / "e.txt").write_text(dictionary_text([entry]), "utf-8")
    assert read_dictionary(tmp_path / "e.txt") == [entry]


@pytest.mark.parametrize(("content", "code"), [(b"\xff\xfe\n", "text.word_list_encoding"), (None, "text.no_word_list")])
def test_dictionaries_that_cannot_be_read(tmp_path, content, code):
    if content is not None:
        (tmp_path / "d.txt").write_bytes(content)
    with pytest.raises(DataError) as caught:
        build(tmp_path, user_dictionaries=("d.txt",))
    assert caught.value.code == code
    assert str(tmp_path / "d.txt") in str(caught.value)
