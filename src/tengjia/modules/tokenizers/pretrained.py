"""Cuts text as a Hugging Face folder says, whatever kind of tokenizer it has: `tokenizer=pretrained`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tengjia.contracts import Tokens
from tengjia.errors import ConfigurationError
from tengjia.registry import tokenizers
from tengjia.text.pieces import encodable, tokens_of
from tengjia.text.tokenizer_files import DESCRIPTION, borders_of, pieces_of, read_tokenizer
from tengjia.utilities.files import write_text


@tokenizers.register("pretrained")
class PretrainedTokenizer:
    """The pieces of a `tokenizer.json` (byte-pair, unigram, WordPiece), for the model beside it.

    Made for models that write: it also puts pieces together again. Every piece carries a label; to tag words with a
    BERT, prefer `wordpiece`, which knows where they begin.
    """

    brings_vocabulary = True

    @dataclass(frozen=True)
    class Config:
        """Options of `PretrainedTokenizer`."""

        source: str = ""
        """Folder of a Hugging Face model with a `tokenizer.json`, relative to `bert_model_root`."""

    def __init__(self, config: Config, *, roots: Mapping[str, Path] | None = None) -> None:
        self.config = config
        self._tokenizer: Any = None
        self._pieces: list[str] | None = None
        self.frame: tuple[str, str] | None = None
        if roots is not None:
            if not config.source:
                raise ConfigurationError("text.no_source", key="tokenizer.source", found=config.source)
            self._use(Path(roots["bert_model_root"]) / config.source / DESCRIPTION)

    def tokenize(self, text: str) -> Tokens:
        """Cut one text; blanks before it do not count.

        Raises:
            ConfigurationError: There is no vocabulary yet.
        """
        self._require()
        ready = encodable(text)
        blanks = len(ready) - len(ready.lstrip(" "))
        rest = ready[blanks:]
        tokens = tokens_of(self._tokenizer.encode(rest, add_special_tokens=False), rest, words=False)
        places = [_place(start, end, len(rest)) for start, end in zip(tokens.starts, tokens.ends)]
        return tokens._replace(starts=[one + blanks for one, _ in places], ends=[one + blanks for _, one in places])

    def joined(self, pieces: Iterable[str]) -> str:
        """The text that pieces make together."""
        self._require()
        decoder = self._tokenizer.decoder
        text: str = "".join(pieces) if decoder is None else decoder.decode(list(pieces))
        return text

    def fit(self, texts: Iterable[str]) -> None:
        """Nothing to learn."""

    def vocabulary(self) -> list[str] | None:
        """The pieces in the order of their ids."""
        return None if self._pieces is None else list(self._pieces)

    def save(self, folder: Path) -> None:
        """Write the whole description."""
        self._require()
        write_text(folder / DESCRIPTION, self._tokenizer.to_str())

    def load(self, folder: Path) -> None:
        """Take back what `save` wrote.

        Raises:
            DataError: The file is missing or damaged.
        """
        self._use(folder / DESCRIPTION)

    def _use(self, file: Path) -> None:
        self._tokenizer = read_tokenizer(file)
        self._pieces = pieces_of(self._tokenizer, file)
        self.frame = borders_of(self._tokenizer)

    def _require(self) -> None:
        if self._tokenizer is None:
            raise ConfigurationError("text.not_ready", key="tokenizer", found="pretrained")


def _place(start: int, end: int, length: int) -> tuple[int, int]:
    """Where a piece stands; one that is a blank alone may come without a place of its own."""
    first, after = min(start, end), min(max(start, end), length)
    if first < after:
        return first, after
    return (first, first + 1) if first < length else (max(length - 1, 0), length)
