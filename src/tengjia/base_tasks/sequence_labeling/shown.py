"""A text with its entities for a terminal: marked in place, and as a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from tengjia.base_tasks.sequence_labeling.entities import Entity
from tengjia.reports.terminal import coloured, printable, shortened, table
from tengjia.reports.words import word

_WIDEST_ENTITY: Final = 40


def shown(question: str, answer: Sequence[Entity], pipeline: Any, *, colours: bool) -> str:
    """An answer in words.

    Args:
        question: The text.
        answer: Its entities.
        pipeline: Who gave it: the order of its types chooses their colours.
        colours: Whether the terminal has any.
    """
    if not answer:
        return f"{printable(question)}\n{word('no_entities')}"
    header = [word(name) for name in ("entity", "type", "place", "score", "status")]
    rows = [
        [
            shortened(printable(entity.text), _WIDEST_ENTITY),
            entity.type,
            f"{entity.start}–{entity.end}",
            f"{entity.score:.4f}",
            word(f"status_{entity.reason or entity.status}"),
        ]
        for entity in answer
    ]
    return f"{_marked(question, answer, pipeline.labels, colours)}\n\n{table(header, rows)}"


def _marked(text: str, entities: Sequence[Entity], types: Sequence[str], colours: bool) -> str:
    number = {name: position for position, name in enumerate(types)}
    parts: list[str] = []
    place = 0
    for entity in entities:
        parts.append(printable(text[place : entity.start]))
        surface = printable(entity.text)
        mark = "" if entity.status == "confirmed" else "?"
        if colours:
            parts.append(coloured(f"{surface}{mark}", number.get(entity.type, 0), bold=not mark))
        else:
            parts.append(f"[{surface}]{entity.type}{mark}")
        place = entity.end
    return "".join([*parts, printable(text[place:])])
