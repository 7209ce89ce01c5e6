"""More texts for a student to ask its teacher about: texts of the training part, changed.

After Tang et al. 2019, "Distilling Task-Specific Knowledge from BERT into Simple Neural Networks", section 3.2. A
changed text has no label of its own; what it is, the teacher says. Every change is a function of (seed, round, copy,
index).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final, NamedTuple

import numpy

from tengjia.config.parameters import Limits
from tengjia.distillation.words import FIXED, Word, WordPools, words_of
from tengjia.utilities.randomness import generator_for

TRIES: Final = 8
"""So often a text is changed anew if it came out as it was; then one word is masked."""


class Augmentation:
    """Changes texts.

    Args:
        config: See `Config`.
        pools: Words that replace others.
        seed: Governs everything.
    """

    limits: ClassVar[Limits] = {
        "copies": (0, None),
        "rounds": (1, None),
        "mask": (0.0, 1.0),
        "replace": (0.0, 1.0),
        "cut": (0.0, 1.0),
        "shortest": (1, None),
        "longest": (1, None),
    }

    @dataclass(frozen=True)
    class Config:
        """The section `augmentation`: texts that the teacher is asked about besides those of the training part."""

        copies: int = 1
        """Changed texts for each text of the training part, in every epoch; 0: none."""

        rounds: int = 10
        """After so many epochs the changed texts of the first come again. The teacher answers each text once."""

        mask: float = 0.1
        """Probability of a word to be masked."""

        replace: float = 0.1
        """Probability of a word to be replaced by one of the same part of speech, as frequent words more often."""

        cut: float = 0.25
        """Probability of a text to be cut to a few neighbouring words."""

        shortest: int = 4
        """Least number of words that a cut leaves."""

        longest: int = 8
        """Greatest number of words that a cut leaves."""

        seed: int | None = None
        """Governs the changes; null: the seed of the run. Runs with one seed here share the teacher's answers."""

        mask_symbol: str = "▢"
        """What stands where a word was masked: nothing that a vocabulary holds, so that it is unknown to teacher and
        student."""

    def __init__(self, config: Config, pools: WordPools, seed: int) -> None:
        self.config, self.pools, self.seed = config, pools, seed

    def changed(self, text: str, round: int, copy: int, index: int) -> str:
        """One changed text.

        Args:
            text: The original.
            round: For which epoch.
            copy: Which of the copies.
            index: Number of the text in its part.
        """
        generator = generator_for(self.seed, "augmentation", round, copy, index)
        words = words_of(text)
        for _ in range(TRIES):
            found = "".join(self._once(words, generator)).strip()
            if found and found != text:
                return found
        return self._masked_somewhere(words, generator) or text

    def _once(self, words: Sequence[Word], generator: numpy.random.Generator) -> list[str]:
        config = self.config
        chances, draws = generator.random(len(words)), generator.random(len(words))
        kept: list[str] = []
        for (word, tag), chance, draw in zip(words, chances.tolist(), draws.tolist()):
            if tag is None or chance >= config.mask + config.replace:
                kept.append(word)
            elif chance < config.mask:
                kept.append(config.mask_symbol)
            else:
                kept.append(word if tag == FIXED or tag not in self.pools.words else self.pools.draw(tag, draw))
        return self._cut(words, kept, generator)

    def _cut(self, words: Sequence[Word], kept: list[str], generator: numpy.random.Generator) -> list[str]:
        """Perhaps only some neighbouring words, with the blanks between them."""
        places = [number for number, word in enumerate(words) if word.tag is not None]
        wanted, size = generator.random(), int(generator.integers(self.config.shortest, self.config.longest + 1))
        first = int(generator.integers(0, max(1, len(places) - size + 1)))
        if wanted >= self.config.cut or size >= len(places):
            return kept
        return kept[places[first] : places[first + size - 1] + 1]

    def _masked_somewhere(self, words: Sequence[Word], generator: numpy.random.Generator) -> str:
        places = [number for number, word in enumerate(words) if word.tag is not None]
        if not places:
            return ""
        masked = places[int(generator.integers(len(places)))]
        parts = [self.config.mask_symbol if number == masked else word.text for number, word in enumerate(words)]
        return "".join(parts)


class Chunk(NamedTuple):
    """Texts that are changed together."""

    round: int
    copy: int
    first: int
    texts: tuple[str, ...]


class Changes:
    """Changes chunks of texts; built once in every process."""

    def __init__(self, config: Augmentation.Config, pools: WordPools, seed: int) -> None:
        self._augmentation = Augmentation(config, pools, seed)

    def __call__(self, chunk: Chunk) -> list[str]:
        return [
            self._augmentation.changed(text, chunk.round, chunk.copy, chunk.first + number)
            for number, text in enumerate(chunk.texts)
        ]


def chunks_of(texts: Sequence[str], round: int, copies: int, size: int) -> Iterator[Chunk]:
    """All that is to be changed in a round: every text once for the first copy, then for the next.

    Args:
        texts: Those of the training part.
        round: Number of the round.
        copies: Changed texts for each.
        size: Texts of a chunk.
    """
    for copy in range(copies):
        for first in range(0, len(texts), size):
            yield Chunk(round, copy, first, tuple(texts[first : first + size]))
