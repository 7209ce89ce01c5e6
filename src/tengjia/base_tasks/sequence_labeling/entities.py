"""From tags and probabilities to entities: what they are, how sure the model is, and which are only suspected.

The answer of a model is its best row of tags. Each chunk of tags of one type in it is an entity:

- *confirmed* if the tags form a whole entity (first ... last, or a single one) and the score is high enough;
- *suspected* otherwise, with the reason `broken_tags` (a last tag without a first, a first followed by `O`, ...) or
  `low_score`.

A model with constraints never writes broken tags. What it had to pass over for the sake of a legal row may still be of
interest: where each unit by itself is most probably part of an entity, but the best row has none, the chunk is given as
suspected with the reason `passed_over`. It is no part of the answer that is scored (`Entity.counts`).

The score is the least probability among the tags of the entity. No span can be more probable than the least probable
of its tags, and tags inside an entity stand or fall together, so this bound is close (see `benchmarks/RESULTS.md`).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any, Final, Literal

import numpy

from tengjia.data.editing import Edited
from tengjia.data.labels import LabelSet, Repair

Status = Literal["confirmed", "suspected"]
Reason = Literal["", "broken_tags", "low_score", "passed_over"]

LEAST_SCORE: Final = 0.5
"""Entities that are less probable than their contrary are suspected."""


@dataclass(frozen=True, slots=True)
class Entity:
    """A marked part of a text: `text[start:end]`."""

    text: str
    """Its surface."""

    type: str
    """What it is."""

    start: int
    """First character."""

    end: int
    """Character after the last."""

    score: float
    """Probability between 0 and 1, rounded to four places."""

    status: Status = "confirmed"
    """Whether to rely on it."""

    reason: Reason = ""
    """Why it is only suspected."""

    @property
    def counts(self) -> bool:
        """Whether it is part of the answer that tests score."""
        return self.reason != "passed_over"

    @property
    def span(self) -> tuple[int, int, str]:
        """Start, end, type."""
        return self.start, self.end, self.type

    def plain(self) -> dict[str, Any]:
        """The fields as a JSON object."""
        return asdict(self)


def read_entities(
    text: str,
    starts: numpy.ndarray,
    ends: numpy.ndarray,
    tags: numpy.ndarray,
    probabilities: numpy.ndarray,
    labels: LabelSet,
    *,
    repair: Repair = "lenient",
    least_score: float = LEAST_SCORE,
) -> list[Entity]:
    """The entities of one text, in their order.

    Args:
        text: The original text.
        starts: `[T]` first character of each unit.
        ends: `[T]` character after each unit.
        tags: `[T]` tag ids of the best row.
        probabilities: `[T, C]` of each tag at each unit.
        labels: What the tag ids mean.
        repair: Which broken chunks count as entities, as in the evaluator that chose the model.
        least_score: Below it an entity is only suspected.
    """
    rough = probabilities.argmax(-1)
    if not tags.any() and not rough.any():
        return []
    found: list[Entity] = []
    counted = _spans(tags, labels, repair)
    whole = set(_spans(tags, labels, "strict"))
    covered = numpy.zeros(len(tags), bool)

    def add(span: tuple[int, int, int], path: numpy.ndarray, status: Status, reason: Reason) -> None:
        first, after, kind = span
        score = float(probabilities[numpy.arange(first, after), path[first:after]].min())
        if status == "confirmed" and score < least_score:
            status, reason = "suspected", "low_score"
        start, end = int(starts[first]), int(ends[after - 1])
        found.append(Entity(text[start:end], labels.types[kind], start, end, round(score, 4), status, reason))
        covered[first:after] = True

    for span in counted:
        if span in whole:
            add(span, tags, "confirmed", "")
        else:
            add(span, tags, "suspected", "broken_tags")
    for path in (tags, rough):
        for span in _spans(path, labels, "lenient"):
            if not covered[span[0] : span[1]].any():
                add(span, path, "suspected", "passed_over")
    return sorted(found, key=lambda entity: entity.start)


def _spans(tags: numpy.ndarray, labels: LabelSet, repair: Repair) -> list[tuple[int, int, int]]:
    spans = labels.decode(tags, repair=repair)
    return list(zip(spans.start.tolist(), spans.end.tolist(), spans.type.tolist()))


def in_original(entities: list[Entity], edited: Edited, original: str) -> list[Entity]:
    """Entities of a cleaned text as parts of the text that it was before.

    Where several characters were replaced together, two entities may stand for one stretch: the first has it.
    """
    if edited.text is original:
        return entities
    result: list[Entity] = []
    for entity in entities:
        start, end = edited.back(entity.start, entity.end)
        start = max(start, result[-1].end if result else 0)
        if start < end:
            result.append(replace(entity, text=original[start:end], start=start, end=end))
    return result
