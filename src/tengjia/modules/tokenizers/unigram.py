"""Cuts text in pieces learnt from the corpus by a unigram language model."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from tengjia.config.parameters import Limits
from tengjia.contracts import Tokens
from tengjia.errors import ConfigurationError
from tengjia.registry import tokenizers
from tengjia.text import subwords
from tengjia.text.pieces import tokens_of

_FILE = "unigram.json"


@tokenizers.register("unigram")
class UnigramTokenizer:
    """Pieces learnt from the corpus by a unigram language model (Kudo 2018, as in SentencePiece).

    Of all cuts of a text the likeliest is taken. Learning gives the same pieces every time
    (`tengjia.text.unigram_training`). Every character but white space is in a piece; neighbouring characters that the
    corpus does not have are one piece. Every piece carries a label, so a piece that reaches over the edge of an entity
    moves that edge: for Chinese entities prefer `character`.
    """

    limits: ClassVar[Limits] = {"size": (3, None), "longest_piece": (1, None)}

    @dataclass(frozen=True)
    class Config:
        """Options of `UnigramTokenizer`."""

        size: int = 8000
        """At most so many pieces, `[PAD]` and `[UNK]` included."""

        longest_piece: int = 8
        """No piece has more characters."""

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
        self._pieces: list[str] = []
        self._scores: list[float] = []
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
        from tokenizers import models

        from tengjia.text.unigram_training import learn_unigram

        ready = (
            subwords.prepared(text, fold_width=self.config.fold_width, spaces=self.config.spaces)
            for text in subwords.not_empty(texts)
        )
        words = subwords.counted_words(self._assembled(models.Unigram()), ready)
        room = max(self.config.size - len(subwords.SPECIAL), 1)
        pieces, scores = learn_unigram(words, size=room, longest_piece=self.config.longest_piece)
        self._take([*subwords.SPECIAL, *pieces], [0.0, 0.0, *scores])

    def vocabulary(self) -> list[str] | None:
        """The pieces in the order of their ids, once they are learnt."""
        return list(self._pieces) or None

    def joined(self, pieces: Iterable[str]) -> str:
        """The text that pieces make together; without `spaces` in the config it has none."""
        return subwords.joined(pieces, spaces=self.config.spaces)

    def save(self, folder: Path) -> None:
        """Write the pieces and their probabilities."""
        self._require()
        subwords.save_pieces(folder / _FILE, pieces=self._pieces, scores=self._scores)

    def load(self, folder: Path) -> None:
        """Take back what `save` wrote.

        Raises:
            DataError: The file is missing or damaged.
        """
        file = folder / _FILE
        pieces, scores = subwords.load_pieces(file, "pieces", "scores")
        self._take(subwords.checked_pieces(file, pieces), subwords.checked_scores(file, scores, len(pieces)))

    def _take(self, pieces: list[str], scores: list[float]) -> None:
        from tokenizers import models

        self._pieces, self._scores = pieces, scores
        unknown = pieces.index(subwords.UNKNOWN)
        self._tokenizer = self._assembled(models.Unigram(list(zip(pieces, scores)), unk_id=unknown))

    def _assembled(self, model: Any) -> Any:
        config = self.config
        return subwords.assembled(
            model, lowercase=config.lowercase, split_digits=config.split_digits, spaces=config.spaces
        )

    def _require(self) -> None:
        if self._tokenizer is None:
            raise ConfigurationError("text.not_ready", key="tokenizer", found="unigram")
