"""From tags and probabilities to entities: what they are, how sure the model is, and which are only suspected.

The answer of a model is its best row of tags. Each chunk of tags of one type in it is an entity:

- *confirmed* if the tags form a whole entity (first ... last, or a single one) and the score is high enough;
- *suspected* otherwise, with the reason `broken_tags` (a last tag without a first, a first followed by `O`, ...) or
  `low_score`.

A model with constraints never writes broken tags. What it had to pass over for the sake of a legal row may still be of
interest: where each unit by itself is most probably part of an entity, but the best row has none, the chunk is given as
suspected with the reason `passed_over`. It is no part of the answer that is scored (`Entity.counts`).

The score is the least probability among the tags of the entity. No span can be more probable than the least probable
of its tags, and tags inside an entity stand or fall together, so this bound is close to the exact probability of the
span, which would take a pass through the whole text for each entity. Measured on ResumeNER's development part (1,458
entities): 0.017 from the exact probability on average, Brier score 0.073 (exact 0.074, geometric mean of the tags
0.083, product 0.113).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final, Literal

import numpy

from tengjia.base_tasks.sequence_labeling.encoded import Encoded
from tengjia.data.editing import Edited
from tengjia.data.labels import LabelSet, Repair

Status = Literal["confirmed", "suspected"]
Reason = Literal["", "broken_tags", "low_score", "passed_over"]

UnitSpan = tuple[int, int, int, int]
"""Row of a batch, first unit, unit after the last, number of the type."""

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
    texts: Sequence[str],
    encoded: Sequence[Encoded],
    tags: numpy.ndarray,
    probabilities: numpy.ndarray,
    labels: LabelSet,
    *,
    repair: Repair = "lenient",
    least_score: float = LEAST_SCORE,
) -> list[list[Entity]]:
    """The entities of a batch of texts, in their order.

    Args:
        texts: B texts.
        encoded: Where the units of each stand.
        tags: `[B, T]` tag ids of the best rows, 0 in the padding.
        probabilities: `[B, T, C]` of each tag at each unit, 0 in the padding.
        labels: What the tag ids mean.
        repair: Which broken chunks count as entities, as in the evaluator that chose the model.
        least_score: Below it an entity is only suspected.
    """
    likeliest = probabilities.argmax(-1)
    whole = set(_spans(tags, labels, "strict"))
    found: list[list[Entity]] = [[] for _ in texts]
    covered = numpy.zeros(tags.shape, bool)

    def add(path: numpy.ndarray, spans: Iterable[UnitSpan], *, passed_over: bool) -> None:
        scores = numpy.take_along_axis(probabilities, path[..., None], -1)[..., 0]
        for row, first, after, kind in spans:
            if passed_over and covered[row, first:after].any():
                continue
            covered[row, first:after] = True
            score = float(scores[row, first:after].min())
            reason: Reason = "passed_over" if passed_over else ""
            if not reason and (row, first, after, kind) not in whole:
                reason = "broken_tags"
            elif not reason and score < least_score:
                reason = "low_score"
            start, end = int(encoded[row].starts[first]), int(encoded[row].ends[after - 1])
            status: Status = "suspected" if reason else "confirmed"
            surface, name = texts[row][start:end], labels.types[kind]
            found[row].append(Entity(surface, name, start, end, round(score, 4), status, reason))

    add(tags, _spans(tags, labels, repair), passed_over=False)
    if repair != "lenient":
        add(tags, _spans(tags, labels, "lenient"), passed_over=True)
    if (tags != likeliest).any():
        add(likeliest, _spans(likeliest, labels, "lenient"), passed_over=True)
    return [sorted(entities, key=lambda entity: entity.start) for entities in found]


def _spans(tags: numpy.ndarray, labels: LabelSet, repair: Repair) -> list[UnitSpan]:
    spans = labels.decode(tags, repair=repair)
    return list(zip(spans.sequence.tolist(), spans.start.tolist(), spans.end.tolist(), spans.type.tolist()))


def in_original(entities: list[Entity], edited: Edited, original: str) -> list[Entity]:
    """Entities of a cleaned text as parts of the text that it was before.

    Where several characters were replaced together, two entities may stand for one stretch: the first has it.
    """
    result: list[Entity] = []
    for entity in entities:
        start, end = edited.back(entity.start, entity.end)
        start = max(start, result[-1].end if result else 0)
        if start < end:
            result.append(replace(entity, text=original[start:end], start=start, end=end))
    return result
