"""Cuts text at white space, setting punctuation apart by choice."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tengjia.contracts import Tokens
from tengjia.registry import tokenizers
from tengjia.text.characters import half_width

_RUNS = re.compile(r"\S+")
# A word (with marks, and apostrophes or hyphens inside it), or any other single character.
_WORDS = re.compile(r"[\w\u0300-\u036f]+(?:['\u2019-][\w\u0300-\u036f]+)*|\S")


@tokenizers.register("whitespace")
class WhitespaceTokenizer:
    """One piece a word: for text whose words are separated already. Every character but white space is in one piece."""

    @dataclass(frozen=True)
    class Config:
        """Options of `WhitespaceTokenizer`."""

        punctuation: bool = False
        """Whether signs become pieces of their own (`well-known`, `don't` stay whole) or stay with their word."""

        lowercase: bool = False
        """Write pieces in lower case; offsets still tell the original."""

        fold_width: bool = False
        """Write full-width letters, digits and signs of pieces in half width; offsets still tell the original."""

    frame = None

    def __init__(self, config: Config, *, roots: object = None) -> None:
        self.config = config
        self._pattern = _WORDS if config.punctuation else _RUNS

    def tokenize(self, text: str) -> Tokens:
        """Cut one text."""
        spans = [match.span() for match in self._pattern.finditer(text)]
        pieces = [self._piece(text[start:end]) for start, end in spans]
        return Tokens(pieces, [start for start, _ in spans], [end for _, end in spans])

    def _piece(self, text: str) -> str:
        text = half_width(text) if self.config.fold_width else text
        return text.lower() if self.config.lowercase else text

    def fit(self, texts: Iterable[str]) -> None:
        """Nothing to learn."""

    def vocabulary(self) -> None:
        """None of its own: pieces are counted in the training texts."""

    def save(self, folder: Path) -> None:
        """Nothing to write: the config says all."""

    def load(self, folder: Path) -> None:
        """Nothing to read."""
