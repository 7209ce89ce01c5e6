"""Pieces that the `tokenizers` package cuts, with offsets into the original text."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import tokenizers

    from tengjia.contracts import Tokens

_SURROGATES: Final = re.compile("[\ud800-\udfff]")


def encodable(text: str) -> str:
    """The text with lone surrogates, which no UTF-8 can hold, as replacement characters; of the same length."""
    return text if text.isascii() else _SURROGATES.sub("\ufffd", text)


def tokens_of(encoding: tokenizers.Encoding, text: str, *, words: bool) -> Tokens:
    """What the `tokenizers` package found, as `Tokens`.

    A normaliser may drop combining marks and zero-width characters, or write one character as several pieces. Dropped
    ones go to the piece before them, so that an entity is cut from the text with all its marks; several pieces of one
    character all have its offsets.

    Args:
        encoding: Its offsets count characters.
        text: The text that was cut.
        words: Whether to tell which pieces begin a word.
    """
    from tengjia.contracts import Tokens

    starts, ends = [start for start, _ in encoding.offsets], [end for _, end in encoding.offsets]
    for i in range(len(starts)):
        following = starts[i + 1] if i + 1 < len(starts) else len(text)
        while ends[i] < following and _belongs_to_the_left(text[ends[i]]):
            ends[i] += 1
    numbers = encoding.word_ids if words else []
    begins = [number != before for number, before in zip(numbers, [None, *numbers])] if words else None
    return Tokens(encoding.tokens, starts, ends, begins)


def _belongs_to_the_left(character: str) -> bool:
    category = unicodedata.category(character)
    return category[0] == "M" or category == "Cf"
