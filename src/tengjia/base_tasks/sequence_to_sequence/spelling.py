"""From pieces to text, and from text to what is cut in pieces."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

_HAN: Final = re.compile("[\u3005-\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_CLOSING: Final = frozenset(",.;:!?)]}%'’”»")
_OPENING: Final = frozenset("([{$‘“«")
_DENSE: Final = (range(0x3000, 0x3100), range(0xFF00, 0xFFF0))
"""Signs and kana, and signs of full width."""


def prepared(text: str) -> str:
    """A text as it is cut: white space as single blanks, and one before a first word of letters.

    So a word has the same pieces at the beginning of a text as within it.
    """
    text = " ".join(text.split())
    first = text[:1]
    return f" {text}" if first.isalnum() and not _is_dense(first) else text


def speller(tokenizer: Any) -> Callable[[Sequence[str]], str]:
    """What puts the pieces of a tokenizer together: the tokenizer itself, if it knows the spaces between them."""
    own = getattr(tokenizer, "joined", None)
    known = getattr(tokenizer.config, "spaces", True)
    return own if own is not None and known else spelled


def spelled(pieces: Iterable[str]) -> str:
    """Words with blanks between them, as far as can be told: none beside Chinese characters or before a full stop.

    A piece `##x` goes on with the word before it.
    """
    parts: list[str] = []
    for piece in pieces:
        if piece.startswith("##") and len(piece) > 2:
            parts.append(piece[2:])
        elif parts and _apart(parts[-1], piece):
            parts += [" ", piece]
        else:
            parts.append(piece)
    return "".join(parts)


def is_mostly_chinese(texts: Iterable[str]) -> bool:
    """Whether more than a third of the characters of texts are Chinese."""
    chinese = every = 0
    for text in texts:
        chinese += len(_HAN.findall(text))
        every += len(text)
    return chinese * 3 > every


def _apart(left: str, right: str) -> bool:
    last, first = left[-1:], right[:1]
    return not (_is_dense(last) or _is_dense(first) or first in _CLOSING or last in _OPENING)


def _is_dense(character: str) -> bool:
    """Whether a character is of a script that is written without blanks, or one of its signs."""
    if not character:
        return False
    return _HAN.match(character) is not None or any(ord(character) in block for block in _DENSE)
