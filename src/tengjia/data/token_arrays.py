"""Cuts many texts at once, by the tokenizer's own fast way or one text after the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy

from tengjia.contracts import TokenArrays, Tokens

if TYPE_CHECKING:
    from tengjia.contracts import Tokenizer


def cut(tokenizer: Tokenizer, texts: Sequence[str]) -> TokenArrays:
    """Cut texts in pieces.

    Args:
        tokenizer: Its `tokenize_many` is used where it has one.
        texts: Any number of texts, empty ones too.

    Returns:
        All pieces as flat arrays; the same whatever way was taken, but for the order of the distinct pieces.
    """
    many = getattr(tokenizer, "tokenize_many", None)
    arrays: TokenArrays = many(texts) if many is not None else joined([tokenizer.tokenize(text) for text in texts])
    return arrays


def joined(parts: Sequence[Tokens]) -> TokenArrays:
    """The pieces of many texts as flat arrays."""
    codes: dict[str, int] = {}
    flat = [codes.setdefault(piece, len(codes)) for tokens in parts for piece in tokens.pieces]
    words = None
    if any(tokens.words is not None for tokens in parts):
        begins = [flag for t in parts for flag in (t.words if t.words is not None else [True] * len(t.pieces))]
        words = numpy.array(begins, dtype=bool)
    return TokenArrays(
        list(codes),
        numpy.array(flat, dtype=numpy.int32),
        numpy.array([start for tokens in parts for start in tokens.starts], dtype=numpy.int32),
        numpy.array([end for tokens in parts for end in tokens.ends], dtype=numpy.int32),
        words,
        numpy.array([len(tokens.pieces) for tokens in parts], dtype=numpy.int64),
    )
