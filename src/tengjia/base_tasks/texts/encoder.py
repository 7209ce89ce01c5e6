"""Texts as ids: tokenizer, vocabulary, further inputs, stop words, and the pieces around every text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NamedTuple

import numpy

from tengjia.base_tasks.texts.features import FEATURES, Feature
from tengjia.config.parameters import Limits
from tengjia.contracts import TokenArrays
from tengjia.data.token_arrays import cut
from tengjia.data.vocabulary import Vocabulary
from tengjia.errors import ConfigurationError
from tengjia.registry import tokenizers
from tengjia.utilities.files import write_text

if TYPE_CHECKING:
    from tengjia.contracts import Tokenizer


class EncodedTexts(NamedTuple):
    """Many texts as ids: N pieces in all, text after text."""

    tokens: TokenArrays
    """The pieces and where they stand."""

    ids: numpy.ndarray
    """`[N]` int32."""

    features: dict[str, numpy.ndarray]
    """`[N]` int32 each: further inputs by name."""


class TextEncoder:
    """Gives the pieces of texts their ids. The same code trains and serves.

    Args:
        config: See `Config`.
        tokenizer: Cuts the text.
        tokenizer_settings: `name` and parameters that built it, so that `load` can build it again.
        vocabulary: Ids of the pieces.
        features: Further inputs, by their names in `FEATURES`.
        stop_words: Pieces whose id becomes that of `Config.stop_symbol`.

    Raises:
        ConfigurationError: Only one of the two symbols around a text is given.
    """

    limits: ClassVar[Limits] = {
        "maximum_length": (1, None),
        "minimum_count": (1, None),
        "maximum_size": (3, None),
        "pieces_from_vectors": (0, None),
        "stems": (0, None),
        "bigram_minimum_count": (1, None),
        "bigram_maximum_size": (1, None),
    }

    @dataclass(frozen=True)
    class Config:
        """What the section `encoding` of every base task has; each adds its own."""

        maximum_length: int = 512
        """At most so many pieces go through the model at once, frame pieces included."""

        minimum_count: int = 1
        """Pieces that are rarer in the training part are unknown to the model."""

        maximum_size: int | None = None
        """At most so many pieces in the vocabulary, special ones included; null: all."""

        special_symbols: tuple[str, ...] = ()
        """Pieces that get an id whether they occur or not, right after padding and unknown."""

        padding_symbol: str = "<pad>"
        """Name of id 0 in a counted vocabulary."""

        unknown_symbol: str = "<unk>"
        """Name of id 1 in a counted vocabulary."""

        begin_symbol: str | None = None
        """Piece before every text; null: the tokenizer's own (`[CLS]`), if it has one."""

        end_symbol: str | None = None
        """Piece after every text; null: the tokenizer's own (`[SEP]`), if it has one."""

        vocabulary_columns: tuple[str, ...] = ("text",)
        """What the vocabulary is counted from: `text`, and names of further columns that the reader gives."""

        pieces_from_vectors: int = 0
        """Also give ids to so many words of the pretrained vectors, the first of their file that the tokenizer leaves
        whole: what the training part lacks is then known by its vector. 0: none."""

        bigrams: bool = False
        """Also give the model each piece joined with the next one."""

        bigram_minimum_count: int = 2
        """Rarer pairs are unknown."""

        bigram_maximum_size: int | None = None
        """At most so many pairs; null: all."""

        words: Literal["none", "places", "parts_of_speech"] = "none"
        """Also tell the model where each piece stands in the words that jieba finds (begin, middle, end, alone), and
        with `parts_of_speech` which kind of word it is: jieba's dictionary knows persons, places, organisations."""

        word_dictionaries: tuple[str, ...] = ()
        """Files below `dataset_root` with further words for `words`: on each line a word, perhaps a frequency, perhaps
        a tag of your own (`首席科学家 1000 TITLE`). They are saved with the model."""

        stems: int = 0
        """Also give the model the first so many letters of each piece: what inflected forms of a word share
        (`simulate`, `simulates`; 4 or 5 suit English); 0: not."""

        stop_words: str | None = None
        """File below `dataset_root`, one word a line. A stop word keeps its place (in sequence labelling, leaving it
        out would tear holes in entities), but all stop words look the same to the model."""

        stop_symbol: str = "<stop>"
        """The piece that stands for every stop word."""

        @property
        def always_fits(self) -> int:
            """So many pieces every input of a model may have: so far batches may be padded."""
            return self.maximum_length

    def __init__(
        self,
        config: Config,
        *,
        tokenizer: Tokenizer,
        tokenizer_settings: Mapping[str, Any],
        vocabulary: Vocabulary,
        features: Mapping[str, Feature] | None = None,
        stop_words: Iterable[str] = (),
    ) -> None:
        self.config = config
        self.tokenizer = tokenizer
        self.tokenizer_settings = dict(tokenizer_settings)
        self.vocabulary = vocabulary
        self.features = dict(features or {})
        self.stop_words = frozenset(stop_words)
        self.frame = _frame(config, tokenizer, vocabulary)
        """Ids of the pieces before and after every text, if there are any."""
        self.room = config.maximum_length - (2 if self.frame else 0)
        """How many pieces of a text go through the model at once."""

    def inputs(self) -> dict[str, Any]:
        """What a model has to know of the texts (arguments of `Inputs`)."""
        return {
            "pieces": len(self.vocabulary),
            "features": {name: len(feature) for name, feature in self.features.items()},
        }

    def encode(self, texts: Sequence[str]) -> EncodedTexts:
        """Cut texts in pieces and give their ids, without the frame."""
        tokens = cut(self.tokenizer, texts)
        ids = self.ids(tokens.pieces)[tokens.codes]
        features = {name: feature.of_pieces(texts, tokens, ids) for name, feature in self.features.items()}
        return EncodedTexts(tokens, ids, features)

    def ids(self, pieces: Sequence[str]) -> numpy.ndarray:
        """Ids (int32) of pieces, stop words being all one."""
        ids = self.vocabulary.ids(pieces)
        if self.stop_words:
            stop = self.vocabulary.id(self.config.stop_symbol)
            ids[[piece in self.stop_words for piece in pieces]] = stop
        return ids

    def save(self, folder: Path) -> dict[str, Any]:
        """Write the files that `load` needs, and give what belongs in the description of the encoding."""
        folder.mkdir(parents=True, exist_ok=True)
        self.vocabulary.save(folder / "vocabulary.json")
        for name, feature in self.features.items():
            feature.save(folder / f"{name}.json")
        if self.stop_words:
            write_text(folder / "stop_words.txt", "".join(f"{word}\n" for word in sorted(self.stop_words)))
        (folder / "tokenizer").mkdir(exist_ok=True)
        self.tokenizer.save(folder / "tokenizer")
        return {"tokenizer": self.tokenizer_settings, "features": sorted(self.features)}

    @classmethod
    def load(cls, folder: Path, config: Config, description: Mapping[str, Any]) -> TextEncoder:
        """Read what `save` wrote.

        Args:
            folder: Where it is.
            config: As it was.
            description: What `save` gave; from a file, so not to be trusted.

        Raises:
            ValueError, TypeError, KeyError: The description makes no sense.
            DataError: A file is missing or damaged.
            ConfigurationError: There is no such tokenizer.
        """
        settings = {
            key: tuple(value) if isinstance(value, list) else value
            for key, value in dict(description["tokenizer"]).items()
        }
        kinds = {name: FEATURES[name] for name in description["features"]}
        tokenizer = tokenizers.build(settings)
        tokenizer.load(folder / "tokenizer")
        stop = folder / "stop_words.txt"
        return cls(
            config,
            tokenizer=tokenizer,
            tokenizer_settings=settings,
            vocabulary=Vocabulary.load(folder / "vocabulary.json"),
            features={name: kind.load(folder / f"{name}.json") for name, kind in kinds.items()},
            stop_words=stop.read_text("utf-8").split("\n")[:-1] if stop.is_file() else (),
        )


def _frame(config: TextEncoder.Config, tokenizer: Tokenizer, vocabulary: Vocabulary) -> tuple[int, int] | None:
    if (config.begin_symbol is None) != (config.end_symbol is None):
        raise ConfigurationError(
            "encoding.half_frame", key="encoding", begin=config.begin_symbol, end=config.end_symbol
        )
    symbols = getattr(tokenizer, "frame", None)
    if config.begin_symbol is not None and config.end_symbol is not None:
        symbols = (config.begin_symbol, config.end_symbol)
    return None if symbols is None else (vocabulary.id(symbols[0]), vocabulary.id(symbols[1]))
