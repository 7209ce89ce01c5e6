"""WordPiece: equal to transformers, exact offsets, and files that are not what they seem."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from src.tests.text.strategies import texts
from tengjia.errors import ConfigurationError, DataError
from tengjia.registry import tokenizers

WORDS = [
    "the",
    "un",
    "##aff",
    "##able",
    "##b",
    "##c",
    "a",
    "b",
    "c",
    "e",
    "i",
    "o",
    "hel",
    "##lo",
    "world",
    "cafe",
    "北",
    "京",
    "大",
    "学",
    ",",
    ".",
    "-",
    "'",
    "[",
    "]",
    "#",
    "1",
    "2",
    "##3",
    "##2026",
    "iphone",
    "ABC",
    "H",
    "##ello",
]
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
PIECES = [*SPECIAL, *WORDS]


@pytest.fixture(scope="module")
def root(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("bert")
    (folder / "vocab.txt").write_text("\n".join(PIECES) + "\n", "utf-8")
    return folder


def build(root: Path, source: str = "vocab.txt", **values):
    return tokenizers.build({"name": "wordpiece", "source": source, **values}, roots={"bert_model_root": root})


@pytest.mark.parametrize(
    ("values", "text", "pieces", "spans", "words"),
    [
        ({}, "Unaffable", "un ##aff ##able", [(0, 2), (2, 5), (5, 9)], [1, 0, 0]),
        ({}, "在北京", "[UNK] 北 京", [(0, 1), (1, 2), (2, 3)], [1, 1, 1]),
        ({}, " CAFE\u0301, a", "cafe , a", [(1, 6), (6, 7), (8, 9)], [1, 1, 1]),
        ({}, "a\x10b\u200bc", "a ##b ##c", [(0, 1), (2, 4), (4, 5)], [1, 0, 0]),
        ({}, "[CLS]", "[ [UNK] ]", [(0, 1), (1, 4), (4, 5)], [1, 1, 1]),
        ({"lowercase": False}, "Hello ABC", "H ##ello ABC", [(0, 1), (1, 5), (6, 9)], [1, 0, 1]),
        ({"longest_word": 3}, "the cafe", "the [UNK]", [(0, 3), (4, 8)], [1, 1]),
        ({}, "\ud800a", "a", [(1, 2)], [1]),
        ({}, "", "", [], []),
    ],
)
def test_pieces(root, values, text, pieces, spans, words):
    tokens = build(root, **values).tokenize(text)
    assert tokens.pieces == pieces.split()
    assert list(zip(tokens.starts, tokens.ends)) == spans
    assert tokens.words == [bool(flag) for flag in words]


@settings(deadline=None)
@given(text=texts, lowercase=st.booleans(), strip=st.sampled_from([None, True, False]))
def test_offsets_cut_the_text(root, text, lowercase, strip):
    tokens = build(root, lowercase=lowercase, strip_accents=strip).tokenize(text)
    spans = list(zip(tokens.starts, tokens.ends))
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert tokens.starts == sorted(tokens.starts) and tokens.ends == sorted(tokens.ends)
    firsts = [i for i, begins in enumerate(tokens.words) if begins]
    for following in [*firsts[1:], len(spans)]:
        if following < len(spans):  # words do not overlap
            assert spans[following - 1][1] <= spans[following][0]
    covered = {i for start, end in spans for i in range(start, end)}
    for place in set(range(len(text))) - covered:
        character = text[place]
        lost = unicodedata.category(character)[0] in "CM" or character == "\ufffd"
        assert character.isspace() or lost, ascii(character)


@pytest.mark.parametrize("lowercase", [True, False])
def test_pieces_are_those_of_transformers(root, lowercase):
    from transformers import BertTokenizer

    theirs = BertTokenizer(str(root / "vocab.txt"), do_lower_case=lowercase)
    ours = build(root, lowercase=lowercase)

    @settings(deadline=None, max_examples=60)
    @given(texts.filter(lambda text: text.isprintable() and not any(piece in text for piece in SPECIAL)))
    def equal(text):
        expected = theirs(text, add_special_tokens=False, return_offsets_mapping=True)
        tokens = ours.tokenize(text)
        assert tokens.pieces == theirs.convert_ids_to_tokens(expected["input_ids"])
        assert tokens.starts == [start for start, _ in expected["offset_mapping"]]

    equal()


def folder_of(path: Path, **files) -> Path:
    path.mkdir()
    for name, content in files.items():
        text = content if isinstance(content, str) else json.dumps(content)
        (path / {"vocab": "vocab.txt"}.get(name, f"{name}.json")).write_text(text, "utf-8")
    return path


def described(pieces=PIECES, kind="WordPiece", **normalizer):
    vocabulary = {piece: number for number, piece in enumerate(pieces)}
    return {"model": {"type": kind, "vocab": vocabulary}, "normalizer": {"type": "BertNormalizer", **normalizer}}


@pytest.mark.parametrize(
    ("files", "values", "text", "pieces"),
    [
        ({"vocab": "\n".join(PIECES)}, {}, "ABC", ["a", "##b", "##c"]),
        ({"tokenizer": described()}, {}, "A", ["a"]),
        ({"tokenizer": described(lowercase=False)}, {}, "ABC", ["ABC"]),
        ({"tokenizer": described(lowercase=True), "tokenizer_config": {"do_lower_case": False}}, {}, "ABC", ["ABC"]),
        ({"tokenizer": described(lowercase=False)}, {"lowercase": True}, "A", ["a"]),
        ({"tokenizer": described(handle_chinese_chars=False)}, {}, "北京", ["[UNK]"]),
        ({"tokenizer": described(), "tokenizer_config": {"strip_accents": False}}, {}, "cafe\u0301", ["[UNK]"]),
    ],
)
def test_folders(tmp_path, files, values, text, pieces):
    folder_of(tmp_path / "m", **files)
    assert build(tmp_path, "m", **values).tokenize(text).pieces == pieces


@pytest.mark.parametrize(
    ("files", "code", "shown"),
    [
        ({}, "text.not_wordpiece", "None"),
        ({"tokenizer": described(kind="BPE")}, "text.not_wordpiece", "BPE"),
        ({"tokenizer": "{"}, "text.bad_tokenizer_file", "Expecting"),
        ({"tokenizer": "[]"}, "text.bad_tokenizer_file", "list"),
        ({"tokenizer": "[" * 100000}, "text.bad_tokenizer_file", "recursion"),
        ({"tokenizer": {"model": {"vocab": {"a": 0, "b": 2}}}}, "text.bad_tokenizer_file", "vocab"),
        ({"tokenizer": {"model": {"vocab": {"a": 0, "b": 0}}}}, "text.bad_tokenizer_file", "vocab"),
        ({"tokenizer": {"model": {"vocab": ["a"]}}}, "text.bad_tokenizer_file", "vocab"),
        ({"tokenizer": described(["[UNK]", "\ud800"])}, "text.bad_tokenizer_file", "ud800"),
        ({"tokenizer": described(lowercase="yes")}, "text.bad_tokenizer_file", "lowercase"),
        ({"vocab": "a\nb\n"}, "text.no_unknown_piece", "[UNK]"),
        ({"vocab": "[UNK]\na\nb\na\n"}, "text.piece_twice", "line 2"),
        ({"vocab": ""}, "text.vocabulary_empty", "empty"),
        ({"vocab": "[UNK]", "tokenizer_config": {"do_lower_case": 1}}, "text.bad_tokenizer_file", "do_lower_case"),
    ],
)
def test_folders_that_make_no_sense(tmp_path, files, code, shown):
    folder_of(tmp_path / "m", **files)
    with pytest.raises(DataError) as caught:
        build(tmp_path, "m")
    assert caught.value.code == code
    assert shown in caught.value.message and caught.value.hint


def test_words_on_missing_and_foreign_files(tmp_path):
    (tmp_path / "x.txt").write_bytes(b"[UNK]\na\xff\n")
    for source, code, line in (("none.txt", "text.no_word_list", 0), ("x.txt", "text.word_list_encoding", 2)):
        with pytest.raises(DataError) as caught:
            build(tmp_path, source)
        assert (caught.value.code, caught.value.problem.line) == (code, line)
    with pytest.raises(ConfigurationError) as refused:
        build(tmp_path, "")
    assert (refused.value.code, refused.value.problem.key) == ("text.no_source", "tokenizer.source")


def test_it_is_not_used_before_it_has_pieces(tmp_path):
    tokenizer = tokenizers.build({"name": "wordpiece"})
    assert tokenizer.vocabulary() is None
    for use in (lambda: tokenizer.tokenize("a"), lambda: tokenizer.save(tmp_path)):
        with pytest.raises(ConfigurationError) as caught:
            use()
        assert caught.value.code == "text.not_ready"


@pytest.mark.parametrize("lowercase", [True, False])
def test_saved_and_loaded_it_is_the_same(root, tmp_path, lowercase):
    first = build(root, lowercase=lowercase, strip_accents=False)
    first.save(tmp_path)
    second = tokenizers.build({"name": "wordpiece"})
    second.load(tmp_path)
    assert second.vocabulary() == first.vocabulary() == PIECES
    assert second.frame == first.frame == ("[CLS]", "[SEP]")
    for text in ("Hello cafe\u0301 ABC 北京", "2026 iPhone"):
        assert second.tokenize(text) == first.tokenize(text)


@pytest.mark.parametrize(
    "content",
    [{}, {"pieces": ["[UNK]"]}, {"pieces": ["[UNK]", "[UNK]"], "lowercase": True, "strip_accents": None, "split_chinese": True},
     {"pieces": [1, "[UNK]"], "lowercase": True, "strip_accents": None, "split_chinese": True},
     {"pieces": ["[UNK]"], "lowercase": "x", "strip_accents": None, "split_chinese": True}],
)  # fmt: skip
def test_a_saved_file_that_was_changed_is_refused(tmp_path, content):
    (tmp_path / "wordpiece.json").write_text(json.dumps(content))
    with pytest.raises(DataError) as caught:
        tokenizers.build({"name": "wordpiece"}).load(tmp_path)
    assert caught.value.code == "text.bad_tokenizer_file"


def test_without_frame_pieces_there_is_no_frame(tmp_path):
    (tmp_path / "v.txt").write_text("[UNK]\na\n")
    assert build(tmp_path, "v.txt").frame is None
