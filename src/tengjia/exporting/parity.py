"""Whether two pipelines give the same answers, and how they differ where they do not.

The answers are lists of entities as JSON values (`Entity.plain`). What must be equal is text, type and offsets of every
entity; scores may be off by a tolerance. Status and reason follow from the score, so they may differ where
the score stands so near the border that the tolerance decides.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from tengjia.bundle.golden import same

PASSED_OVER: Final = "passed_over"
_IDENTITY: Final = ("text", "type", "start", "end")
Answer = Sequence[Mapping[str, Any]]


class Disagreement(NamedTuple):
    """A text that is answered otherwise."""

    number: int
    """Which text, from 1."""

    text: str
    how: str
    """What only the first answer has (`-`) and what only the second (`+`)."""


@dataclass(frozen=True)
class Comparison:
    """What came of comparing the answers to many texts."""

    texts: int
    entities: int
    """That the first pipeline found."""

    disagreements: tuple[Disagreement, ...]
    largest: float
    """Greatest difference of the scores of entities that both found."""

    mean: float
    """Mean of these differences."""

    statuses: int
    """Entities that one pipeline confirms and the other only suspects."""


def compare(
    texts: Sequence[str],
    expected: Sequence[Answer],
    found: Sequence[Answer],
    *,
    tolerance: float,
    least_score: float,
    suspicions: bool = True,
) -> Comparison:
    """Compare the answers of two pipelines.

    Args:
        texts: What was asked.
        expected: The answers of the first.
        found: The answers of the second.
        tolerance: How far a score may be off; infinite where only entities matter.
        least_score: Border between confirmed and suspected.
        suspicions: Whether what the best row of tags passed over must be equal too; it is no part of what is scored.
    """
    disagreements, gaps, statuses, entities = [], [], 0, 0
    for number, (text, first, second) in enumerate(zip(texts, expected, found, strict=True), 1):
        ours, theirs = (_by_identity(answer, suspicions) for answer in (first, second))
        entities += len(ours)
        pairs = [(ours[key], theirs[key]) for key in ours.keys() & theirs.keys()]
        gaps += [abs(one["score"] - other["score"]) for one, other in pairs]
        statuses += sum(one["status"] != other["status"] for one, other in pairs)
        same_entities = ours.keys() == theirs.keys()
        if not same_entities or any(_differs(*pair, tolerance, least_score) for pair in pairs):
            disagreements.append(Disagreement(number, text, changes([*ours.values()], [*theirs.values()], tolerance)))
    mean = math.fsum(gaps) / len(gaps) if gaps else 0.0
    return Comparison(len(texts), entities, tuple(disagreements), max(gaps, default=0.0), mean, statuses)


def _by_identity(answer: Answer, suspicions: bool) -> dict[tuple[Any, ...], Mapping[str, Any]]:
    """The entities by what must be equal."""
    wanted = (entity for entity in answer if suspicions or entity["reason"] != PASSED_OVER)
    return {tuple(entity[name] for name in _IDENTITY): entity for entity in wanted}


def _differs(one: Mapping[str, Any], other: Mapping[str, Any], tolerance: float, least_score: float) -> bool:
    if abs(one["score"] - other["score"]) > tolerance:
        return True
    at_the_border = abs(one["score"] - least_score) <= tolerance
    return one["status"] != other["status"] and not at_the_border


def changes(expected: Any, found: Any, tolerance: float) -> str:
    """What only the first answer has, marked `-`, and what only the second has, marked `+`; at most three of each."""
    if not (isinstance(expected, list | tuple) and isinstance(found, list | tuple)):
        return f"-{_shown(expected)} +{_shown(found)}"
    missing = [item for item in expected if not any(same(item, other, tolerance) for other in found)]
    added = [item for item in found if not any(same(item, other, tolerance) for other in expected)]
    return " ".join([*(f"-{_shown(item)}" for item in missing[:3]), *(f"+{_shown(item)}" for item in added[:3])])


def _shown(item: Any) -> str:
    if not (isinstance(item, Mapping) and all(name in item for name in (*_IDENTITY, "score", "status"))):
        return json.dumps(item, ensure_ascii=False)[:200]
    return f"[{item['text']}]{item['type']} {item['start']}–{item['end']} {item['score']} {item['status']}"
