"""From tokenizer, counts and lists of words to the encoder of a corpus."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import numpy

from tengjia.base_tasks.texts.encoder import TextEncoder
from tengjia.base_tasks.texts.features import BIGRAMS, STEMS, WORDS, Feature
from tengjia.base_tasks.texts.tally import Tally
from tengjia.contracts import Tokenizer, Vectors
from tengjia.data.stopwords import read_stop_words
from tengjia.data.vocabulary import PADDING, PairVocabulary, Vocabulary
from tengjia.text import word_lists
from tengjia.text.stems import Stems
from tengjia.text.word_places import WordPlaces

WORDS_LOOKED_AT = 1_000_000
"""Rows of the pretrained vectors among which pieces are looked for."""


def stop_words(config: TextEncoder.Config, root: Path) -> tuple[str, ...]:
    """The stop words that a config names."""
    return read_stop_words([root / config.stop_words] if config.stop_words else ())


def dictionaries(config: TextEncoder.Config, root: Path) -> list[word_lists.Entry]:
    """The words of the dictionaries that a config names."""
    return [entry for name in config.word_dictionaries for entry in word_lists.read_dictionary(root / name)]


@dataclass
class EncoderMaking:
    """Makes the encoder of a corpus.

    Args:
        config: The section `encoding`.
        tokenizer: Fitted.
        tokenizer_settings: What built it.
        root: `dataset_root`.
        vectors: Pretrained vectors, if any.
    """

    config: TextEncoder.Config
    tokenizer: Tokenizer
    tokenizer_settings: Mapping[str, Any]
    root: Path
    vectors: Vectors | None = None
    stop_words: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.stop_words = stop_words(self.config, self.root)

    @property
    def needs_counts(self) -> bool:
        """Whether texts must be counted: the tokenizer brings no vocabulary, or pairs are wanted."""
        return self.tokenizer.vocabulary() is None or self.config.bigrams

    def made(self, tally: Tally) -> TextEncoder:
        """The encoder, from the counts of the training part (none where none are needed)."""
        given = self.tokenizer.vocabulary()
        vocabulary = Vocabulary.given(given) if given is not None else self._with_vectors(self._counted(tally))
        features: dict[str, Feature] = {}
        if self.config.bigrams:
            features[BIGRAMS] = self._pairs(tally, self._encoder(vocabulary, {}))
        if self.config.words != "none":
            parts_of_speech = self.config.words == "parts_of_speech"
            features[WORDS] = WordPlaces.made(dictionaries(self.config, self.root), parts_of_speech=parts_of_speech)
        if self.config.stems:
            features[STEMS] = Stems(self.config.stems)
        return self._encoder(vocabulary, features)

    def _encoder(self, vocabulary: Vocabulary, features: Mapping[str, Feature]) -> TextEncoder:
        return TextEncoder(
            self.config,
            tokenizer=self.tokenizer,
            tokenizer_settings=self.tokenizer_settings,
            vocabulary=vocabulary,
            features=features,
            stop_words=self.stop_words,
        )

    def _counted(self, tally: Tally) -> Vocabulary:
        config = self.config
        stop = [config.stop_symbol] if self.stop_words else []
        frame = getattr(self.tokenizer, "frame", None) or ()
        own = [symbol for symbol in (config.begin_symbol, config.end_symbol) if symbol is not None]
        known = {piece: count for piece, count in tally.pieces.items() if piece not in set(self.stop_words)}
        return Vocabulary.counted(
            known,
            minimum_count=config.minimum_count,
            maximum_size=config.maximum_size,
            special=[*config.special_symbols, *stop, *(own or frame)],
            padding=config.padding_symbol,
            unknown=config.unknown_symbol,
        )

    def _with_vectors(self, vocabulary: Vocabulary) -> Vocabulary:
        most = self.config.pieces_from_vectors
        if not most or self.vectors is None:
            return vocabulary
        words = self.vectors.words(WORDS_LOOKED_AT)
        tokens = (self.tokenizer.tokenize(word).pieces for word in words)
        whole = (pieces[0] for pieces in tokens if len(pieces) == 1 and pieces[0] not in self.stop_words)
        return vocabulary.extended(islice(dict.fromkeys(whole), most))

    def _pairs(self, tally: Tally, encoder: TextEncoder) -> PairVocabulary:
        # Ids as the encoder gives them: rare pieces and stop words are one and the same to pairs too.
        number = dict(zip(tally.pieces, encoder.ids(list(tally.pieces))))
        pairs = [(number[left], PADDING if right is None else number[right]) for left, right in tally.pairs]
        return PairVocabulary.counted(
            numpy.array(pairs, dtype=numpy.int64).reshape(-1, 2),
            numpy.array(list(tally.pairs.values()), dtype=numpy.int64),
            minimum_count=self.config.bigram_minimum_count,
            maximum_size=self.config.bigram_maximum_size,
        )
