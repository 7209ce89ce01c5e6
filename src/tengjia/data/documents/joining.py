"""Lines of a paragraph made into one: a line end is a blank between words, and nothing between Chinese characters."""

from __future__ import annotations

import re
from typing import Final

_WIDE: Final = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f\U00020000-\U0003ffff"
_BETWEEN_WIDE: Final = re.compile(f"(?<=[{_WIDE}])\\s*\n\\s*(?=[{_WIDE}])")
_HYPHEN: Final = re.compile("(?<=[^\\W\\d_])(?:\u00ad|-)\\s*\n\\s*(?=[^\\W\\d_])")
_LINE_END: Final = re.compile("\\s*\n\\s*")


def joined(text: str, *, hyphens: bool = False) -> str:
    """One line.

    Args:
        text: Lines.
        hyphens: Whether a hyphen at the end of a line divides a word (as in print) and vanishes.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if hyphens:
        text = _HYPHEN.sub("", text)
    text = _BETWEEN_WIDE.sub("", text)
    return _LINE_END.sub(" ", text.strip()).strip()
