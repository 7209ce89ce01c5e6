"""Further inputs of a model beside the pieces: what a feature is, and which there are."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final, Protocol

import numpy

from tengjia.contracts import TokenArrays
from tengjia.data.vocabulary import PairVocabulary
from tengjia.text.stems import Stems
from tengjia.text.word_places import WordPlaces


class Feature(Protocol):
    """Gives each piece of a text one id more; 0 is padding, 1 what is not known."""

    def __len__(self) -> int:
        """How many ids there are."""

    def of_pieces(self, texts: Sequence[str], tokens: TokenArrays, ids: numpy.ndarray) -> numpy.ndarray:
        """The ids (int32).

        Args:
            texts: Any number of texts.
            tokens: Their pieces, one text after the other.
            ids: What the vocabulary calls those pieces.
        """

    def save(self, file: Path) -> None:
        """Write what `FEATURES[name].load` reads."""


BIGRAMS: Final = "bigrams"
WORDS: Final = "words"
STEMS: Final = "stems"
FEATURES: Final[dict[str, type[PairVocabulary | WordPlaces | Stems]]] = {
    BIGRAMS: PairVocabulary,
    WORDS: WordPlaces,
    STEMS: Stems,
}
"""By the name that `Batch.features` has for them."""
