"""The prompt of `stage=apply`: a text a line in, entities in colour out."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator, Sequence
from typing import Final

from tengjia.base_tasks.sequence_labeling.entities import Entity
from tengjia.base_tasks.sequence_labeling.pipeline import SequenceLabelingPipeline
from tengjia.reports.terminal import coloured, is_coloured, printable, shortened, table
from tengjia.reports.words import word

QUIT: Final = frozenset({"q", "quit", "exit", "退出"})
_WIDEST_ENTITY: Final = 40


def answer_prompt(pipeline: SequenceLabelingPipeline, *, name: str, passed_over: bool = True) -> None:
    """Answer lines until `q` or the end of the input (Ctrl-D).

    Args:
        pipeline: Answers.
        name: What is asked, for the greeting.
        passed_over: Whether to show also what the best reading leaves out.
    """
    colours = is_coloured()
    for line in _lines(name, pipeline.labels):
        answer = [entity for entity in pipeline(line) if passed_over or entity.counts]
        sys.stdout.write(shown(line, answer, pipeline.labels, colours=colours) + "\n\n")
        sys.stdout.flush()


def _lines(name: str, types: Sequence[str]) -> Iterator[str]:
    """Lines that say something; asked for at a terminal, else just read."""
    interactive = sys.stdin.isatty()
    if interactive:
        # Importing it gives `input` history and line editing, where the system has it.
        with contextlib.suppress(ImportError):
            import readline  # noqa: F401
        sys.stdout.write(word("prompt_greeting", run=name, types=", ".join(types)) + "\n")
    while True:
        try:
            line = input(word("prompt")) if interactive else sys.stdin.readline()
        except (EOFError, KeyboardInterrupt):
            sys.stdout.write("\n")
            return
        if (not interactive and not line) or line.strip().lower() in QUIT:
            return
        if line := line.rstrip("\r\n"):
            yield line


def shown(text: str, entities: Sequence[Entity], types: Sequence[str], *, colours: bool) -> str:
    """A text with its entities for a terminal: marked in place, and as a table."""
    if not entities:
        return f"{printable(text)}\n{word('no_entities')}"
    header = [word(name) for name in ("entity", "type", "place", "score", "status")]
    rows = [
        [
            shortened(printable(entity.text), _WIDEST_ENTITY),
            entity.type,
            f"{entity.start}–{entity.end}",
            f"{entity.score:.4f}",
            word(f"status_{entity.reason or entity.status}"),
        ]
        for entity in entities
    ]
    return f"{_marked(text, entities, types, colours)}\n\n{table(header, rows)}"


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
