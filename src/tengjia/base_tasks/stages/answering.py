"""Raw input in, answers out, around any net: what the pipelines of torch and of ONNX share. Free of torch.

A pipeline is asked questions: texts, or (where texts are compared) tuples of texts. They are answered portion by
portion, so memory does not grow with their number; a subclass says how a portion is answered.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, ClassVar, Final

from tengjia.data.cleaning import Cleaning
from tengjia.utilities.allocator import give_back_freed_memory
from tengjia.utilities.few_sizes import at_most

BATCH_SIZE: Final = 64
QUESTIONS_AT_ONCE = 2048
CHARACTERS_AT_ONCE: Final = 400_000
_ORDINARY_LENGTH: Final = 128
"""Pieces of a text; with many longer ones a batch would take memory for nothing: this much keeps every core busy."""


class AnsweringPipeline(ABC):
    """All that stands between a net and raw input.

    Args:
        encoding: What made the batches in training.
        cleaning: What was done to the texts of the training; the same is done here.
        options: How scores become an answer; `None`: the defaults of `Options`.
    """

    Options: ClassVar[type[Any]]
    """A frozen dataclass of plain values (of the types that a parameter may have), kept in the bundle."""

    def __init__(self, encoding: Any, *, cleaning: Cleaning | None = None, options: Any = None) -> None:
        self.encoding = encoding
        self.cleaning = cleaning or Cleaning(Cleaning.Config())
        self.options = options if options is not None else self.Options()
        self.cleans = self.cleaning.config != Cleaning.Config()
        """Whether cleaning may change anything."""

    @abstractmethod
    def answer(self, questions: Sequence[Any], batch_size: int, check: Callable[[], None]) -> list[Any]:
        """The answer to each question of a portion, in their order.

        Args:
            questions: As they were given, not cleaned yet.
            batch_size: How many texts go through the model at once.
            check: To be called before every batch; may raise to stop.
        """

    @abstractmethod
    def plain(self, answers: Iterable[Any]) -> list[Any]:
        """Answers as JSON values."""

    @abstractmethod
    def restored(self, values: Iterable[Any]) -> list[Any]:
        """The answers of which `plain` made these values."""

    @property
    def labels(self) -> tuple[str, ...]:
        """Names of what it can answer, for the card of the bundle; none where answers have no names."""
        return ()

    @staticmethod
    def is_one(questions: Any) -> bool:
        """Whether what was asked is one question, not many."""
        return isinstance(questions, str)

    def __call__(self, questions: Any, /, *, batch_size: int = BATCH_SIZE) -> Any:
        """The answer to one question, or a list of the answers to many.

        Args:
            questions: One, or a sequence of them.
            batch_size: How many texts go through the model at once.
        """
        if self.is_one(questions):
            return next(self.stream([questions], batch_size=batch_size))
        return list(self.stream(questions, batch_size=batch_size))

    def stream(
        self, questions: Iterable[Any], *, batch_size: int = BATCH_SIZE, check: Callable[[], None] = lambda: None
    ) -> Iterator[Any]:
        """The answer to each question, in their order, in memory that does not grow with their number.

        Args:
            questions: Of any length.
            batch_size: How many texts go through the model at once.
            check: Called before every batch; may raise to stop.
        """
        for portion in portions(questions):
            yield from self.answer(portion, batch_size, check)

    def plain_answers(self, questions: Sequence[Any]) -> list[Any]:
        """Ask, and give the answers as JSON values."""
        return self.plain(self.stream(questions))

    def cleaned(self, texts: Sequence[str]) -> list[str]:
        """Texts as those of the training were before they were encoded."""
        return [self.cleaning.clean(text).text for text in texts] if self.cleans else list(texts)


def portions(questions: Iterable[Any]) -> Iterator[list[Any]]:
    """Questions in the portions in which `AnsweringPipeline.stream` answers them: begun anew at one, it answers
    alike. Memory that a portion leaves is given back before the next."""
    portion: list[Any] = []
    characters = 0
    for question in questions:
        portion.append(question)
        characters += len(question) if isinstance(question, str) else sum(map(len, question))
        if len(portion) >= QUESTIONS_AT_ONCE or characters >= CHARACTERS_AT_ONCE:
            yield portion
            give_back_freed_memory()
            portion, characters = [], 0
    if portion:
        yield portion


def length_batches(numbers: Iterable[int], lengths: Sequence[int], batch_size: int) -> Iterator[list[int]]:
    """Numbers in groups of like length, the longest first: little is padded, and want of memory shows at once.

    A group of very long texts is smaller: with its padding it holds no more than an ordinary one. Groups that are not
    full have one of few sizes (`utilities.few_sizes`).

    Args:
        numbers: What to group.
        lengths: How many pieces each has, by number.
        batch_size: At most so many in a group.
    """
    ordered = sorted(numbers, key=lambda number: -lengths[number])
    first = 0
    while first < len(ordered):
        fitting = batch_size * _ORDINARY_LENGTH // max(1, lengths[ordered[first]])
        count = max(1, min(batch_size, fitting, len(ordered) - first))
        count = count if count == batch_size else at_most(count)
        yield ordered[first : first + count]
        first += count
