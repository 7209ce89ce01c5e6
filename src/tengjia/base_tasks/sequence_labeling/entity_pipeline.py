"""Raw text in, entities out, around any net: what the pipelines of torch and of ONNX share. Free of torch.

A text that is longer than the model takes goes through it in windows that overlap. What is joined is not the answers
but the scores that the model gives each tag at each unit, each from the window in which the unit stands farther from
the edge; the best row of tags is then looked for in the whole text at once. So no entity is lost, doubled or cut at a
seam, and where half an overlap is context enough for the model the answer is that on the whole text.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, overload

import numpy

from tengjia.base_tasks.sequence_labeling.encoded import Encoded, Window
from tengjia.base_tasks.sequence_labeling.encoding import Encoding
from tengjia.base_tasks.sequence_labeling.entities import LEAST_SCORE, Entity, in_original, read_entities
from tengjia.base_tasks.stages.answering import BATCH_SIZE, AnsweringPipeline, length_batches
from tengjia.utilities.few_sizes import at_least


@dataclass(frozen=True)
class Options:
    """How scores become an answer; kept in the bundle."""

    repair: Literal["strict", "begun", "lenient"] = "lenient"
    """Which broken rows of tags count as entities."""

    least_score: float = LEAST_SCORE
    """Below it an entity is only suspected."""


class EntityPipeline(AnsweringPipeline):
    """All that stands between a net and raw text."""

    Options: ClassVar[type[Any]] = Options
    encoding: Encoding

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
    def __call__(self, texts: str, /, *, batch_size: int = BATCH_SIZE) -> list[Entity]: ...  # type: ignore[overload-overlap]

    @overload
    def __call__(self, texts: Sequence[str], /, *, batch_size: int = BATCH_SIZE) -> list[list[Entity]]: ...

    def __call__(
        self, texts: str | Sequence[str], /, *, batch_size: int = BATCH_SIZE
    ) -> list[Entity] | list[list[Entity]]:
        """The entities of one text, or of each text of a list.

        Args:
            texts: Texts of any length.
            batch_size: How many texts or windows go through the model at once.
        """
        answered: list[Entity] | list[list[Entity]] = super().__call__(texts, batch_size=batch_size)
        return answered

    def plain(self, answers: Iterable[Iterable[Entity]]) -> list[list[dict[str, Any]]]:
        """Answers as JSON values."""
        return [[entity.plain() for entity in answer] for answer in answers]

    def restored(self, values: Iterable[Iterable[dict[str, Any]]]) -> list[list[Entity]]:
        """The answers of which `plain` made these values."""
        return [[Entity(**entity) for entity in answer] for answer in values]

    def answer(self, questions: Sequence[str], batch_size: int, check: Callable[[], None]) -> list[list[Entity]]:
        """The entities of each text of a portion."""
        edited = [self.cleaning.clean(text) for text in questions] if self.cleans else None
        texts = questions if edited is None else [each.text for each in edited]
        encoded = self.encoding.encode_many(texts)
        scores = self._scores(encoded, batch_size, check)
        answers: list[list[Entity]] = [[] for _ in questions]
        filled = [number for number, row in enumerate(encoded) if row.length]
        for numbers in length_batches(filled, [row.length for row in encoded], batch_size):
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
                answers[number] = in_original(entities, edited[number], questions[number]) if edited else entities
        return answers

    def _scores(self, encoded: Sequence[Encoded], batch_size: int, check: Callable[[], None]) -> list[numpy.ndarray]:
        """Scores `[T, C]` of each text, joined from its windows."""
        windows: list[tuple[int, Window]] = [
            (number, window) for number, row in enumerate(encoded) for window in self.encoding.windows(row)
        ]
        width = len(self.encoding.labels)
        scores = [numpy.empty((row.length, width), numpy.float32) for row in encoded]
        lengths = [len(window.encoded.ids) for _, window in windows]
        for numbers in length_batches(range(len(windows)), lengths, batch_size):
            check()
            given = self._forward([windows[number][1].encoded for number in numbers])
            for row, number in enumerate(numbers):
                text, window = windows[number]
                begin, end = window.own
                scores[text][begin:end] = given[row, begin - window.first : end - window.first]
        return scores


def _padded(scores: Sequence[numpy.ndarray]) -> tuple[numpy.ndarray, numpy.ndarray]:
    """Scores `[T, C]` of texts as one `[B, T, C]`, and the mask `[B, T]` of what is filled."""
    longest = at_least(max(map(len, scores)))
    padded = numpy.zeros((len(scores), longest, scores[0].shape[1]), numpy.float32)
    mask = numpy.zeros((len(scores), longest), bool)
    for row, values in enumerate(scores):
        padded[row, : len(values)] = values
        mask[row, : len(values)] = True
    return padded, mask
