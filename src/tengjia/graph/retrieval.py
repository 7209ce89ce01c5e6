"""Features -> questions -> answers -> further features: what to ask somebody who knows these things."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tengjia.graph.backends import Backend
from tengjia.graph.statements import Path, linked, most_linked

CANDIDATES = 20
QUESTIONS = 5


@dataclass(frozen=True)
class Retrieved:
    """What was found for some features."""

    questions: tuple[str, ...]
    """Those that have most of the features first, filled up with default questions."""

    answers: tuple[tuple[str, ...], ...]
    """Of each question; none of a default one."""

    features: tuple[tuple[str, ...], ...]
    """What the answers of each question are about."""

    expanded: tuple[str, ...]
    """What the questions are about that were candidates and not taken: where to go on."""

    def plain(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "questions": list(self.questions),
            "answers": [list(each) for each in self.answers],
            "features": [list(each) for each in self.features],
            "expanded": list(self.expanded),
        }


def retrieve(
    backend: Backend,
    paths: Mapping[str, Path],
    features: Sequence[str],
    defaults: Sequence[str],
    *,
    candidates: int = CANDIDATES,
    questions: int = QUESTIONS,
) -> Retrieved:
    """Questions about features, with their answers.

    Args:
        backend: The graph.
        paths: `feature_questions`, `question_answers`, `answer_features`.
        features: Ids of the features.
        defaults: Questions to fill up with.
        candidates: Questions that are looked at.
        questions: Questions that are taken.
    """
    ways = paths["feature_questions"]
    found = backend.run(most_linked(ways, features, max(candidates, questions))) if features else []
    taken, left = found[:questions], found[questions:]
    answers = _linked(backend, paths["question_answers"], [row["id"] for row in taken])
    about = _linked(backend, paths["answer_features"], [row["id"] for rows in answers.values() for row in rows])
    names = [row["name"] for row in taken]
    fill = [question for question in defaults if question not in names][: questions - len(names)]
    per_question = [answers.get(row["id"], []) for row in taken]
    further = _linked(backend, _reversed(ways), [row["id"] for row in left])
    known = set(features)
    expanded = dict.fromkeys(row["name"] for rows in further.values() for row in rows if row["id"] not in known)
    return Retrieved(
        (*names, *fill),
        (*(tuple(row["name"] for row in rows) for rows in per_question), *(() for _ in fill)),
        (*(_names(about, rows) for rows in per_question), *(() for _ in fill)),
        tuple(expanded),
    )


def _names(about: Mapping[str, list[dict[str, Any]]], rows: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found["name"] for row in rows for found in about.get(row["id"], ())))


def _linked(backend: Backend, path: Path, ids: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """Id -> what is linked to it, all in one question."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in backend.run(linked(path, ids)) if ids else ():
        found[row["source"]].append(row)
    return {identity: found[identity] for identity in ids if identity in found}


def _reversed(path: Path) -> Path:
    steps = tuple(replace(step, forward=not step.forward) for step in reversed(path.steps))
    return Path(tuple(reversed(path.nodes)), steps)
