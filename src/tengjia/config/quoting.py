"""Text values on the command line, quoted so that Hydra's grammar takes them as they were typed.

Hydra refuses what is not ASCII outside quotes (`apply.text=张三`), and gives parentheses, commas and colons a meaning.
The program knows which keys hold text, so the user need not quote.
"""

from __future__ import annotations

import re
from typing import Final

_SAFE: Final = re.compile(r"[A-Za-z0-9_./@%+~*-]*\Z")
_SIGNS: Final = "[]{},:"
_OPEN: Final = {"[": "]", "{": "}", "(": ")"}


def quoted(text: str) -> str:
    """A text in quotes for Hydra's grammar. References (`${key}`) in it stay references."""
    text = re.sub(r"(\\*)'", lambda match: match[1] * 2 + "\\'", text)
    text = re.sub(r"(\\+)\Z", lambda match: match[1] * 2, text)
    return f"'{text}'"


def is_quoted(text: str) -> bool:
    """Whether a text already is one quoted string."""
    for quote in "'\"":
        if len(text) >= 2 and text[0] == text[-1] == quote:
            inner = text[1:-1]
            bare = re.sub(r"\\.", "", inner, flags=re.DOTALL)
            return quote not in bare and not bare.endswith("\\")
    return False


def quoted_elements(text: str) -> str:
    """Quote every piece of a list, mapping or sweep that Hydra's grammar would refuse, leaving its structure alone."""
    out: list[str] = []
    for piece in _pieces(text):
        bare = piece.strip()
        unsafe = bare and bare not in _SIGNS and not _SAFE.match(bare) and not is_quoted(bare) and "${" not in bare
        out.append(piece.replace(bare, quoted(bare)) if unsafe else piece)
    return "".join(out)


def split_at_commas(text: str) -> list[str]:
    """The parts between commas that stand in no bracket and no quotes."""
    parts, depth, start = [], 0, 0
    for position, sign in _outside_quotes(text):
        depth += (sign in _OPEN) - (sign in _OPEN.values())
        if sign == "," and depth == 0:
            parts.append(text[start:position])
            start = position + 1
    return [*parts, text[start:]]


def _pieces(text: str) -> list[str]:
    """The text cut at structural signs, which are pieces of their own."""
    pieces, start = [], 0
    for position, sign in _outside_quotes(text):
        if sign in _SIGNS:
            pieces += [text[start:position], sign]
            start = position + 1
    return [*pieces, text[start:]]


def _outside_quotes(text: str) -> list[tuple[int, str]]:
    signs, quote, position = [], "", 0
    while position < len(text):
        sign = text[position]
        if quote:
            if sign == "\\":
                position += 1
            elif sign == quote:
                quote = ""
        elif sign in "'\"":
            quote = sign
        elif text.startswith("${", position):
            end = text.find("}", position)
            position = len(text) if end < 0 else end
        else:
            signs.append((position, sign))
        position += 1
    return signs
