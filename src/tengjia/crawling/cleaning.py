"""Texts of pages, made fit for a corpus: no marks of references, no controls, one kind of blank, no empty lines."""

from __future__ import annotations

import re
from typing import Final

_CONTROLS: Final = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064]"
)
_LINE_ENDS: Final = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_BLANKS: Final = re.compile(r"[^\S\n]+")
_REFERENCES: Final = re.compile(r"\[(?:\d{1,3}(?:[-–,]\d{1,3})*|注\s*\d{1,3}|note \d{1,3})\]")


def cleaned(text: str) -> str:
    """A text of several lines, in order."""
    text = _CONTROLS.sub("", _LINE_ENDS.sub("\n", _whole(text)))
    lines = (_BLANKS.sub(" ", _REFERENCES.sub("", line)).strip() for line in text.split("\n"))
    return "\n".join(filter(None, lines))


def cleaned_line(text: str) -> str:
    """A text of one line, in order."""
    return cleaned(text).replace("\n", " ")


def _whole(text: str) -> str:
    """Halves of a pair of surrogates are no text: JSON in a page may hold them."""
    return text.encode("utf-8", "replace").decode("utf-8")
