"""The whitespace tokenizer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.tests.text.strategies import check_offsets, texts
from tengjia.registry import tokenizers


def build(**values):
    return tokenizers.build({"name": "whitespace", **values})


@pytest.mark.parametrize(
    ("values", "text", "pieces"),
    [
        ({}, "It isn't  well-known, no.", ["It", "isn't", "well-known,", "no."]),
        ({"punctuation": True}, "It isn't  well-known, no.", ["It", "isn't", "well-known", ",", "no", "."]),
        ({"punctuation": True}, "e\u0301a -b-", ["e\u0301a", "-", "b", "-"]),
        ({"lowercase": True, "fold_width": True}, "ＡＢ\u3000Ç", ["ab", "ç"]),
        ({}, "我 爱\xa0你\x1c他", ["我", "爱", "你", "他"]),
        ({}, "", []),
    ],
)
def test_pieces(values, text, pieces):
    assert build(**values).tokenize(text).pieces == pieces


@given(texts, st.booleans(), st.booleans())
def test_every_character_but_white_space_is_in_one_piece(text, punctuation, lowercase):
    tokens = build(punctuation=punctuation, lowercase=lowercase).tokenize(text)
    assert check_offsets(text, tokens) == {i for i, character in enumerate(text) if not character.isspace()}
    if not lowercase:
        assert tokens.pieces == [text[s:e] for s, e in zip(tokens.starts, tokens.ends)]
