"""Pieces of sources and of targets, and those at which texts begin and end."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from tengjia.base_tasks.texts.encoder import TextEncoder
from tengjia.data.vocabulary import Vocabulary
from tengjia.registry import tokenizers

if TYPE_CHECKING:
    from tengjia.contracts import Tokenizer

_USUAL: Final = ("<s>", "</s>")


class Borders(NamedTuple):
    """The pieces before and after every target."""

    begin: str
    end: str

    @classmethod
    def of(cls, config: TextEncoder.Config, tokenizer: Tokenizer) -> Borders:
        """Those that the config names, else those of the tokenizer, else the usual ones."""
        begin, end = getattr(tokenizer, "frame", None) or _USUAL
        return cls(config.begin_symbol or begin, config.end_symbol or end)


def bordered(texts: TextEncoder, borders: Borders) -> TextEncoder:
    """The same encoder with ids for the border pieces, which come last where they are new."""
    return _with(texts, texts.tokenizer, texts.vocabulary.extended(borders))


def second_encoder(config: Any, texts: TextEncoder, training: Iterable[str]) -> TextEncoder:
    """An encoder of the same kind that is learnt from other texts: those of the targets.

    Args:
        config: The section `encoding`.
        texts: That of the sources.
        training: The targets of the training part.
    """
    known = list(training)
    tokenizer = tokenizers.build(texts.tokenizer_settings)
    tokenizer.fit(known)
    given = tokenizer.vocabulary()
    if given is not None:
        return _with(texts, tokenizer, Vocabulary.given(given))
    counts: dict[str, int] = {}
    for text in known:
        for piece in tokenizer.tokenize(text).pieces:
            counts[piece] = counts.get(piece, 0) + 1
    vocabulary = Vocabulary.counted(
        counts,
        minimum_count=config.minimum_count,
        maximum_size=config.maximum_size,
        special=config.special_symbols,
        padding=config.padding_symbol,
        unknown=config.unknown_symbol,
    )
    return _with(texts, tokenizer, vocabulary)


def _with(texts: TextEncoder, tokenizer: Tokenizer, vocabulary: Vocabulary) -> TextEncoder:
    return TextEncoder(
        texts.config,
        tokenizer=tokenizer,
        tokenizer_settings=texts.tokenizer_settings,
        vocabulary=vocabulary,
        features=texts.features,
        stop_words=texts.stop_words,
    )
