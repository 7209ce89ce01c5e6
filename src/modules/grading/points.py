"""The points of a reference answer, and which of them an answer meets.

grader = Grader(pipeline)
grade = grader.grade("光照；二氧化碳；水。", "要有太阳光，植物还要喝足水。", "光合作用需要哪些条件？")
grade.score, grade.met, grade.missed
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tengjia.base_tasks.stages.answering import portions
from tengjia.base_tasks.text_matching.pipeline import TextMatchingPipeline

_BETWEEN: Final = re.compile(r"[；;。！？\n]+|(?<=[.!?])\s+")
_NUMBERING: Final = re.compile(
    r"^\s*(?:[（(]?[0-9一二三四五六七八九十]{1,2}[）)]|[0-9一二三四五六七八九十]{1,2}(?:[、．]|\.(?!\d)))\s*"
)
PLACES: Final = 3


def split_points(reference: str) -> list[str]:
    """The points of a reference answer: what stands between semicolons, full stops and line ends, without numbering."""
    parts = (_NUMBERING.sub("", part).strip() for part in _BETWEEN.split(reference))
    return list(dict.fromkeys(part for part in parts if part))


@dataclass(frozen=True)
class Point:
    """A point of the reference, and whether an answer makes it."""

    text: str
    met: bool
    share: float
    """How much of it is there, 0 to 1."""


@dataclass(frozen=True)
class Grade:
    """What an answer is worth."""

    score: float
    """On the scale of the data."""

    points: tuple[Point, ...]
    """The points of the reference in their order."""

    @property
    def met(self) -> list[str]:
        """The points that the answer makes."""
        return [point.text for point in self.points if point.met]

    @property
    def missed(self) -> list[str]:
        """The points that it does not make."""
        return [point.text for point in self.points if not point.met]

    def plain(self) -> dict[str, Any]:
        """The grade as a JSON value."""
        points = [{"text": p.text, "met": p.met, "share": round(p.share, PLACES)} for p in self.points]
        return {"score": round(self.score, PLACES), "met": self.met, "missed": self.missed, "points": points}

    @classmethod
    def restored(cls, value: Mapping[str, Any]) -> Grade:
        """The grade of which `plain` made this value."""
        points = tuple(Point(str(p["text"]), bool(p["met"]), float(p["share"])) for p in value["points"])
        return cls(float(value["score"]), points)


class Grader:
    """Grades answers with a trained matching pipeline; otherwise like a pipeline that is asked (reference, answer), or
    (reference, answer, question).

    Args:
        pipeline: Compares a reference, or one of its points, with an answer.
        least: A point is met from this share of it on; `None`: from the threshold of the development part on.
    """

    labels: tuple[str, ...] = ()

    def __init__(self, pipeline: TextMatchingPipeline, *, least: float | None = None) -> None:
        self.pipeline, self.least = pipeline, least
        self.device, self.options = pipeline.device, pipeline.options

    def grade(self, reference: str, answer: str, question: str = "") -> Grade:
        """The grade of one answer; the question counts where the pipeline was trained with it."""
        return next(self.stream([(reference, answer, question)]))

    def stream(
        self,
        questions: Iterable[tuple[str, ...]],
        *,
        batch_size: int = 64,
        check: Callable[[], None] = lambda: None,
    ) -> Iterator[Grade]:
        """The grade of each (reference, answer) or (reference, answer, question), in their order, in memory that does
        not grow with their number."""
        for portion in portions(questions):
            points = [split_points(reference) for reference, *_ in portion]
            pairs = [(point, *others) for found, (_, *others) in zip(points, portion) for point in found]
            wholes = self.pipeline.stream(portion, batch_size=batch_size, check=check)
            shares = iter(self.shares(pairs, batch_size, check))
            for found, whole in zip(points, wholes):
                yield Grade(whole.score, tuple(Point(point, *next(shares)) for point in found))

    def shares(
        self, pairs: Sequence[tuple[str, ...]], batch_size: int = 64, check: Callable[[], None] = lambda: None
    ) -> list[tuple[bool, float]]:
        """Whether each point is met by an answer, and how much of it is there."""
        scale = self.pipeline.encoding.labels
        matches = list(self.pipeline.stream(pairs, batch_size=batch_size, check=check))
        shares = [(match.score - scale.low) / (scale.high - scale.low) for match in matches]
        return [
            (match.fits if self.least is None else share >= self.least, share) for match, share in zip(matches, shares)
        ]

    def plain(self, answers: Iterable[Grade]) -> list[Any]:
        """Grades as JSON values."""
        return [answer.plain() for answer in answers]

    def restored(self, values: Iterable[Any]) -> list[Grade]:
        """The grades of which `plain` made these values."""
        return [Grade.restored(value) for value in values]
