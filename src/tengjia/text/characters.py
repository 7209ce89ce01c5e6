"""What a character is to a tokenizer, and the half-width form of it."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy

SPACE: Final = 0
"""White space (`str.isspace`, the ideographic space included)."""

SINGLE: Final = 1
"""Stands for itself: ideographs, kana, punctuation, symbols, control and zero-width characters."""

LETTER: Final = 2
"""A letter of a script that puts spaces between words, or a combining mark."""

DIGIT: Final = 3
"""A decimal digit, of any width and script."""

# Scripts written without spaces between words: each of their characters is a piece of its own.
_WITHOUT_SPACES: Final = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x0F00, 0x0FFF),  # Tibetan
    (0x1000, 0x109F),  # Myanmar
    (0x1780, 0x17FF),  # Khmer
    (0x2E80, 0x31FF),  # radicals, kana, bopomofo, strokes
    (0x3400, 0x9FFF),  # ideographs
    (0xF900, 0xFAFF),  # compatibility ideographs
    (0xFF66, 0xFF9F),  # half-width kana
    (0x1B000, 0x1B16F),  # historic kana
    (0x20000, 0x3FFFF),  # further ideographs
)

FULL_TO_HALF: Final = {0x3000: 0x20} | {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
"""For `str.translate`: full-width ASCII and the ideographic space to their half-width forms, one to one."""


class _Kinds(dict[str, int]):
    """Remembers the kind of every character that was met."""

    def __missing__(self, character: str) -> int:
        kind = self[character] = _kind(character)
        return kind


KINDS: Final = _Kinds()
"""Character -> `SPACE`, `SINGLE`, `LETTER` or `DIGIT`."""


def _kind(character: str) -> int:
    if character.isspace():
        return SPACE
    code, category = ord(character), unicodedata.category(character)
    if category == "Nd":
        return DIGIT
    if category[0] not in "LM" or 0xFE00 <= code <= 0xFE0F:  # variation selectors count as marks, but of emoji
        return SINGLE
    return SINGLE if any(first <= code <= last for first, last in _WITHOUT_SPACES) else LETTER


def half_width(text: str) -> str:
    """The text with full-width ASCII made half-width; of the same length."""
    return text if text.isascii() else text.translate(FULL_TO_HALF)


def code_points(texts: Sequence[str]) -> tuple[numpy.ndarray, numpy.ndarray]:
    """All characters of many texts as numbers (uint32), and the length of each text (int64)."""
    import numpy

    joined = "".join(texts).encode("utf-32-le", "surrogatepass")
    lengths = numpy.fromiter(map(len, texts), dtype=numpy.int64, count=len(texts))
    return numpy.frombuffer(joined, dtype="<u4"), lengths
