"""Raw text in, entities out, around any net: what the pipelines of torch and of ONNX share. Free of torch.

A text that is longer than the model takes goes through it in windows that overlap. What is joined is not the answers
but the scores that the model gives each tag at each unit, each from the window in which the unit stands farther from
the edge; the best row of tags is then looked for in the whole text at once. So no entity is lost, doubled or cut at a
seam, and where half an overlap is context enough for the model the answer is that on the whole text.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, overload

import numpy

from tengjia.base_tasks.sequence_labeling.encoded import Encoded, Window
from tengjia.base_tasks.sequence_labeling.encoding import Encoding
from tengjia.base_tasks.sequence_labeling.entities import LEAST_SCORE, Entity, in_original, read_entities
from tengjia.data.cleaning import Cleaning
from tengjia.data.labels import Repair

BATCH_SIZE: Final = 64
_ORDINARY_LENGTH: Final = 512
_TEXTS_AT_ONCE: Final = 2048
_CHARACTERS_AT_ONCE: Final = 400_000


@dataclass(frozen=True)
class Options:
    """How scores become an answer; kept in the bundle."""

    repair: Repair = "lenient"
    """Which broken rows of tags count as entities."""

    least_score: float = LEAST_SCORE
    """Below it an entity is only suspected."""


class EntityPipeline(ABC):
    """All that stands between a net and raw text.

    Args:
        encoding: What made the batches in training.
        cleaning: What was done to the texts of the training; the same is done here, and offsets lead back.
        options: How scores become an answer.
    """

    def __init__(self, encoding: Encoding, *, cleaning: Cleaning | None = None, options: Options | None = None) -> None:
        self.encoding = encoding
        self.cleaning = cleaning or Cleaning(Cleaning.Config())
        self.options = options or Options()
        self._cleans = self.cleaning.config != Cleaning.Config()

    @abstractmethod
    def _forward(self, windows: Sequence[Encoded]) -> numpy.ndarray:
        """Scores `[B, T, C]` float32 that the net gives to windows."""

    @abstractmethod
    def _decode(self, scores: numpy.ndarray, mask: numpy.ndarray) -> tuple[numpy.ndarray, numpy.ndarray]:
        """Best tags `[B, T]` and probabilities `[B, T, C]` of whole texts; scores `[B, T, C]`, mask `[B, T]`."""

    @property
    def labels(self) -> tuple[str, ...]:
        """The types of entities that it knows."""
        return self.encoding.labels.types

    @overload
    def __call__(self, texts: str, *, batch_size: int = BATCH_SIZE) -> list[Entity]: ...  # type: ignore[overload-overlap]

    @overload
    def __call__(self, texts: Sequence[str], *, batch_size: int = BATCH_SIZE) -> list[list[Entity]]: ...

    def __call__(
        self, texts: str | Sequence[str], *, batch_size: int = BATCH_SIZE
    ) -> list[Entity] | list[list[Entity]]:
        """The entities of one text, or of each text of a list.

        Args:
            texts: Texts of any length.
            batch_size: How many texts or windows go through the model at once.
        """
        if isinstance(texts, str):
            return next(self.stream([texts], batch_size=batch_size))
        return list(self.stream(texts, batch_size=batch_size))

    def stream(
        self, texts: Iterable[str], *, batch_size: int = BATCH_SIZE, check: Callable[[], None] = lambda: None
    ) -> Iterator[list[Entity]]:
        """The entities of each text, in the order of the texts, in memory that does not grow with their number.

        Args:
            texts: Texts of any length.
            batch_size: How many texts or windows go through the model at once.
            check: Called before every batch; may raise to stop.
        """
        for chunk in chunks(texts):
            yield from self._answer(chunk, batch_size, check)

    def _answer(self, originals: Sequence[str], batch_size: int, check: Callable[[], None]) -> list[list[Entity]]:
        edited = [self.cleaning.clean(text) for text in originals] if self._cleans else None
        texts = originals if edited is None else [each.text for each in edited]
        encoded = self.encoding.encode_many(texts)
        scores = self._scores(encoded, batch_size, check)
        answers: list[list[Entity]] = [[] for _ in originals]
        filled = [number for number, row in enumerate(encoded) if row.length]
        for numbers in _batches(filled, [row.length for row in encoded], batch_size):
            tags, probabilities = self._decode(*_padded([scores[number] for number in numbers]))
            found = read_entities(
                [texts[number] for number in numbers],
                [encoded[number] for number in numbers],
                tags,
                probabilities,
                self.encoding.labels,
                repair=self.options.repair,
                least_score=self.options.least_score,
            )
            for number, entities in zip(numbers, found):
                answers[number] = in_original(entities, edited[number], originals[number]) if edited else entities
        return answers

    def _scores(self, encoded: Sequence[Encoded], batch_size: int, check: Callable[[], None]) -> list[numpy.ndarray]:
        """Scores `[T, C]` of each text, joined from its windows."""
        windows: list[tuple[int, Window]] = [
            (number, window) for number, row in enumerate(encoded) for window in self.encoding.windows(row)
        ]
        width = len(self.encoding.labels)
        scores = [numpy.empty((row.length, width), numpy.float32) for row in encoded]
        lengths = [len(window.encoded.ids) for _, window in windows]
        for numbers in _batches(range(len(windows)), lengths, batch_size):
            check()
            given = self._forward([windows[number][1].encoded for number in numbers])
            for row, number in enumerate(numbers):
                text, window = windows[number]
                begin, end = window.own
                scores[text][begin:end] = given[row, begin - window.first : end - window.first]
        return scores

    def plain(self, texts: Sequence[str]) -> list[list[dict[str, Any]]]:
        """The answers as JSON values."""
        return [[entity.plain() for entity in answer] for answer in self(texts)]


def _padded(scores: Sequence[numpy.ndarray]) -> tuple[numpy.ndarray, numpy.ndarray]:
    """Scores `[T, C]` of texts as one `[B, T, C]`, and the mask `[B, T]` of what is filled."""
    longest = max(map(len, scores))
    padded = numpy.zeros((len(scores), longest, scores[0].shape[1]), numpy.float32)
    mask = numpy.zeros((len(scores), longest), bool)
    for row, values in enumerate(scores):
        padded[row, : len(values)] = values
        mask[row, : len(values)] = True
    return padded, mask


def _batches(numbers: Iterable[int], lengths: Sequence[int], batch_size: int) -> Iterator[list[int]]:
    """Numbers in groups of like length, the longest first: little is padded, and want of memory shows at once.

    A group of very long texts is smaller: with its padding it holds no more than an ordinary one.
    """
    ordered = sorted(numbers, key=lambda number: -lengths[number])
    first = 0
    while first < len(ordered):
        count = max(1, min(batch_size, batch_size * _ORDINARY_LENGTH // lengths[ordered[first]]))
        yield ordered[first : first + count]
        first += count


def chunks(texts: Iterable[str]) -> Iterator[list[str]]:
    """Texts in the portions in which `EntityPipeline.stream` answers them: begun anew at one, it answers alike."""
    chunk: list[str] = []
    characters = 0
    for text in texts:
        chunk.append(text)
        characters += len(text)
        if len(chunk) >= _TEXTS_AT_ONCE or characters >= _CHARACTERS_AT_ONCE:
            yield chunk
            chunk, characters = [], 0
    if chunk:
        yield chunk
