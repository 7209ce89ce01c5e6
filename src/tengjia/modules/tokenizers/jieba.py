"""Cuts Chinese text in words with jieba (the Rust implementation, `rjieba`) and dictionaries of the user's own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tengjia.contracts import Tokens
from tengjia.registry import tokenizers
from tengjia.text.characters import half_width
from tengjia.text.pieces import encodable
from tengjia.text.segmenter import segmenter
from tengjia.text.word_lists import Entry, dictionary_text, read_dictionary
from tengjia.utilities.files import write_text

_FILE = "user_dictionary.txt"


@tokenizers.register("jieba")
class JiebaTokenizer:
    """Chinese words as jieba cuts them. Every character but white space is in one piece.

    A user dictionary holds on each line a word, perhaps its frequency, perhaps its part of speech. It belongs to this
    tokenizer alone (each has a segmenter of its own, never rjieba's global one) and is saved with the model.
    """

    @dataclass(frozen=True)
    class Config:
        """Options of `JiebaTokenizer`."""

        user_dictionaries: tuple[str, ...] = ()
        """Files relative to `dataset_root`; a word in a later one counts as told there."""

        hmm: bool = True
        """Whether words that no dictionary has are guessed by a hidden Markov model."""

        lowercase: bool = False
        """Write pieces in lower case; offsets still tell the original."""

        fold_width: bool = False
        """Write full-width letters, digits and signs of pieces in half width; offsets still tell the original."""

    frame = None

    def __init__(self, config: Config, *, roots: Mapping[str, Path] | None = None) -> None:
        self.config = config
        self.entries: list[Entry] = []
        if roots is not None:
            paths = [Path(roots["dataset_root"]) / name for name in config.user_dictionaries]
            self._take(entry for path in paths for entry in read_dictionary(path))
        self._segmenter: Any = None

    def tokenize(self, text: str) -> Tokens:
        """Cut one text."""
        if self._segmenter is None:
            self._segmenter = segmenter(tuple(self.entries))
        pieces, starts, ends, end = list[str](), list[int](), list[int](), 0
        for word in self._segmenter.cut(encodable(text), self.config.hmm):
            start, end = end, end + len(word)
            if not word.isspace():
                pieces.append(self._piece(text[start:end]))
                starts.append(start)
                ends.append(end)
        return Tokens(pieces, starts, ends)

    def _piece(self, text: str) -> str:
        text = half_width(text) if self.config.fold_width else text
        return text.lower() if self.config.lowercase else text

    def _take(self, entries: Iterable[Entry]) -> None:
        self.entries = list({entry.word: entry for entry in entries}.values())
        self._segmenter = None

    def fit(self, texts: Iterable[str]) -> None:
        """Nothing to learn."""

    def vocabulary(self) -> None:
        """None of its own: pieces are counted in the training texts."""

    def save(self, folder: Path) -> None:
        """Write the words of all user dictionaries."""
        write_text(folder / _FILE, dictionary_text(self.entries))

    def load(self, folder: Path) -> None:
        """Take back what `save` wrote.

        Raises:
            DataError: The file is missing or damaged.
        """
        self._take(read_dictionary(folder / _FILE))

    def __getstate__(self) -> dict[str, Any]:
        # The segmenter lives in Rust and does not travel to other processes; it is made again there.
        return {**self.__dict__, "_segmenter": None}
