"""A text with its classes for a terminal."""

from __future__ import annotations

from typing import Any, Final

from tengjia.base_tasks.text_classification.answers import Classification
from tengjia.base_tasks.text_classification.words import said
from tengjia.reports.terminal import coloured, printable, table

_MOST: Final = 5
_BAR: Final = 24


def shown(question: str, answer: Classification, pipeline: Any, *, colours: bool) -> str:
    """An answer in words: the classes that are given, and the most probable ones as a table.

    Args:
        question: The text.
        answer: What it is.
        pipeline: Who said so: the order of its classes chooses their colours.
        colours: Whether the terminal has any.
    """
    most = _MOST if answer.most is None else answer.most
    rows = [
        [f"{'*' if name in answer.classes else ' '} {printable(name)}", f"{score:.4f}", _bar(score)]
        for name, score in list(answer.scores.items())[:most]
    ]
    given = [_named(name, pipeline.labels, colours) for name in answer.classes]
    header = "  ".join(given) or said("no_class")
    return f"{header}\n\n{table([said('class'), said('probability'), ''], rows)}" if rows else header


def _named(name: str, classes: tuple[str, ...], colours: bool) -> str:
    number = classes.index(name) if name in classes else len(classes)
    return coloured(printable(name), number, bold=True) if colours else printable(name)


def _bar(score: float) -> str:
    filled = round(score * _BAR)
    return "█" * filled + "·" * (_BAR - filled)
