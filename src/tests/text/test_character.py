"""The character tokenizer: exact offsets whatever the text, and the same answer for one text and for many."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.tests.text.strategies import check_offsets, texts, unfold
from tengjia.registry import tokenizers

options = st.fixed_dictionaries(
    {
        "words": st.sampled_from(["split", "whole"]),
        "numbers": st.sampled_from(["split", "whole"]),
        "whitespace": st.sampled_from(["drop", "keep", "merge"]),
        "lowercase": st.booleans(),
        "fold_width": st.booleans(),
    }
)


def build(**values):
    return tokenizers.build({"name": "character", **values})


@pytest.mark.parametrize(
    ("values", "text", "pieces"),
    [
        ({}, "在 IBM 5年", ["在", "I", "B", "M", "5", "年"]),
        ({"words": "whole"}, "在IBM Café 55年", ["在", "IBM", "Café", "5", "5", "年"]),
        ({"words": "whole"}, "Cafe\u0301x", ["Cafe\u0301x"]),
        ({"numbers": "whole"}, "A44 4中４5", ["A", "44", "4", "中", "４5"]),
        ({"words": "whole", "numbers": "whole"}, "A4纸", ["A", "4", "纸"]),
        ({"whitespace": "keep"}, "中 \u3000文", ["中", " ", "\u3000", "文"]),
        ({"whitespace": "merge"}, "中 \u3000文\n", ["中", " ", "文", " "]),
        ({"lowercase": True}, "ABCİ", ["a", "b", "c", "i\u0307"]),
        ({"fold_width": True, "words": "whole"}, "ＡＢＣ，１", ["ABC", ",", "1"]),
        ({"fold_width": True, "lowercase": True}, "Ａ", ["a"]),
        ({"words": "whole"}, "ไทย日本", ["ไ", "ท", "ย", "日", "本"]),
        ({"words": "whole"}, "\x10\u200b\ud800", ["\x10", "\u200b", "\ud800"]),
        ({}, "", []),
        ({}, " \n", []),
    ],
)
def test_pieces(values, text, pieces):
    assert build(**values).tokenize(text).pieces == pieces


@given(texts, options)
def test_every_character_but_white_space_is_in_one_piece(text, values):
    tokens = build(**values).tokenize(text)
    covered = check_offsets(text, tokens)
    kept = values["whitespace"] != "drop"
    assert covered == {i for i, character in enumerate(text) if kept or not character.isspace()}
    if not values["lowercase"] and not values["fold_width"] and values["whitespace"] != "merge":
        assert tokens.pieces == [text[s:e] for s, e in zip(tokens.starts, tokens.ends)]


@given(st.lists(texts, max_size=6), options)
def test_many_texts_are_cut_as_each(many, values):
    tokenizer = build(**values)
    arrays = tokenizer.tokenize_many(many)
    assert unfold(arrays) == [tokenizer.tokenize(text) for text in many]
    assert len(set(arrays.pieces)) == len(arrays.pieces)


def test_it_has_no_files_and_no_vocabulary(tmp_path):
    tokenizer = build()
    tokenizer.fit(["中"])
    tokenizer.save(tmp_path)
    tokenizer.load(tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert tokenizer.vocabulary() is None
