"""Cuts text in pieces learnt from the corpus by byte-pair encoding."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from tengjia.config.parameters import Limits
from tengjia.contracts import Tokens
from tengjia.errors import ConfigurationError, DataError
from tengjia.registry import tokenizers
from tengjia.text import subwords
from tengjia.text.pieces import tokens_of

_FILE = "byte_pair.json"


@tokenizers.register("byte_pair")
class BytePairTokenizer:
    """Pieces learnt from the corpus by byte-pair encoding (Sennrich et al. 2016).

    The most frequent neighbours are joined, again and again, until there are `size` pieces. It works on characters, not
    bytes; a character that the corpus does not have is a piece `[UNK]` of its own. Learning gives the same pieces every
    time. Every character but white space is in a piece. Every piece carries a label, so a piece that reaches over the
    edge of an entity moves that edge: for Chinese entities prefer `character`.
    """

    limits: ClassVar[Limits] = {
        "size": (3, None),
        "minimum_count": (1, None),
        "longest_piece": (1, None),
        "alphabet": (1, None),
    }

    @dataclass(frozen=True)
    class Config:
        """Options of `BytePairTokenizer`."""

        size: int = 8000
        """At most so many pieces, `[PAD]` and `[UNK]` included."""

        minimum_count: int = 2
        """Pairs that occur more rarely are not joined."""

        longest_piece: int = 16
        """No piece has more characters."""

        alphabet: int = 10000
        """At most so many different characters, the most frequent."""

        split_digits: bool = False
        """Whether each digit is a piece of its own."""

        lowercase: bool = False
        """Write pieces in lower case; offsets still tell the original."""

        fold_width: bool = False
        """Write full-width letters, digits and signs of pieces in half width; offsets still tell the original."""

        spaces: bool = False
        """Whether pieces also tell the spaces before them (`▁`): for texts that are written, for these are put together
        from pieces."""

    frame = None

    def __init__(self, config: Config, *, roots: object = None) -> None:
        self.config = config
        self._merges: list[tuple[str, str]] = []
        self._pieces: list[str] = []
        self._tokenizer: Any = None

    def tokenize(self, text: str) -> Tokens:
        """Cut one text.

        Raises:
            ConfigurationError: Nothing has been learnt or loaded yet.
        """
        self._require()
        encoding = self._tokenizer.encode(
            subwords.prepared(text, fold_width=self.config.fold_width, spaces=self.config.spaces)
        )
        return tokens_of(encoding, text, words=False)

    def fit(self, texts: Iterable[str]) -> None:
        """Learn from texts.

        Raises:
            DataError: There is no text.
        """
        from tokenizers import models, trainers

        config = self.config
        trainer = trainers.BpeTrainer(
            vocab_size=config.size,
            min_frequency=config.minimum_count,
            special_tokens=subwords.SPECIAL,
            max_token_length=config.longest_piece,
            show_progress=sys.stderr.isatty(),
            limit_alphabet=max(1, min(config.alphabet, config.size - len(subwords.SPECIAL))),
        )
        tokenizer = self._assembled(models.BPE(unk_token=subwords.UNKNOWN))
        ready = (
            subwords.prepared(text, fold_width=config.fold_width, spaces=config.spaces)
            for text in subwords.not_empty(texts)
        )
        tokenizer.train_from_iterator(ready, trainer)
        self._take(*_learnt(tokenizer))

    def vocabulary(self) -> list[str] | None:
        """The pieces in the order of their ids, once they are learnt."""
        return list(self._pieces) or None

    def joined(self, pieces: Iterable[str]) -> str:
        """The text that pieces make together; without `spaces` in the config it has none."""
        return subwords.joined(pieces, spaces=self.config.spaces)

    def save(self, folder: Path) -> None:
        """Write the pieces and how they are joined."""
        self._require()
        subwords.save_pieces(folder / _FILE, pieces=self._pieces, merges=self._merges)

    def load(self, folder: Path) -> None:
        """Take back what `save` wrote.

        Raises:
            DataError: The file is missing or damaged.
        """
        file = folder / _FILE
        pieces, merges = subwords.load_pieces(file, "pieces", "merges")
        known = set(subwords.checked_pieces(file, pieces))
        for merge in merges:
            pair = isinstance(merge, list) and len(merge) == 2 and all(isinstance(part, str) for part in merge)
            if not pair or not {*merge, "".join(merge)} <= known:
                raise DataError("text.bad_tokenizer_file", file=file, reason=f"merges: {merge!a}")
        self._take(pieces, [(first, second) for first, second in merges])

    def _take(self, pieces: list[str], merges: list[tuple[str, str]]) -> None:
        from tokenizers import models

        ids = {piece: number for number, piece in enumerate(pieces)}
        self._pieces, self._merges = pieces, merges
        self._tokenizer = self._assembled(models.BPE(ids, merges, unk_token=subwords.UNKNOWN))

    def _assembled(self, model: Any) -> Any:
        config = self.config
        return subwords.assembled(
            model, lowercase=config.lowercase, split_digits=config.split_digits, spaces=config.spaces
        )

    def _require(self) -> None:
        if self._tokenizer is None:
            raise ConfigurationError("text.not_ready", key="tokenizer", found="byte_pair")


def _learnt(tokenizer: Any) -> tuple[list[str], list[tuple[str, str]]]:
    """Pieces by id, and merges, of a trained tokenizer."""
    model = json.loads(tokenizer.to_str())["model"]
    pieces = sorted(model["vocab"], key=model["vocab"].get)
    return pieces, [(first, second) for first, second in model["merges"]]
