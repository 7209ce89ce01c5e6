"""The test report of texts that are written: one page that shows how good they are, and where they fail."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from tengjia.base_tasks.sequence_to_sequence.outcome import Outcome
from tengjia.messages import text
from tengjia.reports.head import ReportHead
from tengjia.reports.page import Markup, Page, element, html_table
from tengjia.reports.parts import (
    clipped,
    decimals,
    example_card,
    interval_tile,
    measures_table,
    percent,
    share,
    tile,
    tiles,
)
from tengjia.reports.terminal import table
from tengjia.reports.words import word

_EXAMPLES: Final = 3
"""Answers that are shown of each trouble."""


def said(name: str, /, **values: Any) -> str:
    """The word or sentence `generation.<name>`."""
    return text(f"generation.{name}", **values).message


def terminal_table(outcome: Outcome) -> str:
    """Every measure with its interval, for a terminal."""
    header = [word("measure"), word("value"), f"{100 * outcome.level:g}% {word('interval')}"]
    rows = [
        [said(f"measure_{name}"), percent(one.value), f"[{percent(one.low)}, {percent(one.high)}]"]
        for name, one in outcome.figures.items()
    ]
    count = max(1, len(outcome.answers))
    rows += [
        [said(f"trouble_{name}"), percent(len(numbers) / count), str(len(numbers))]
        for name, numbers in outcome.troubles.items()
        if numbers
    ]
    rows.append([said("length_ratio"), decimals(outcome.length_ratio), ""])
    return f"{table(header, rows, rules=[len(outcome.figures)])}\n{outcome.overlap.signature}"


def write_report(file: Path, outcome: Outcome, head: ReportHead) -> Path:
    """Write the page.

    Args:
        file: Where to.
        outcome: What was tested.
        head: Whom it is about, and how much of the wrong answers to show.
    """
    lead = said("lead", texts=f"{len(outcome.examples):,}", model=head.model, time=head.now())
    page = head.page(lead)
    figures = [interval_tile(said(f"measure_{name}"), one) for name, one in outcome.figures.items()]
    page.add(tiles(*figures, tile(decimals(outcome.length_ratio), said("length_ratio"))))
    head.add_comparison(page, outcome.level, outcome.measure)
    measures = {said(f"measure_{name}"): one for name, one in outcome.figures.items()}
    note = said("measures_note", level=f"{100 * outcome.level:g}", signature=outcome.overlap.signature)
    page.section(said("measures"), note, measures_table(measures))
    _add_lengths(page, outcome)
    _add_troubles(page, outcome)
    _add_answers(page, outcome, "worst", outcome.worst(head.worst))
    _add_answers(page, outcome, "best", outcome.best(head.worst))
    return page.write(file)


def _add_lengths(page: Page, outcome: Outcome) -> None:
    header = [said("characters"), said("texts"), said("measure_bleu"), said("measure_chrf")]
    rows: list[list[Markup | str]] = []
    for name, numbers in outcome.by_length().items():
        found = outcome.of_part(numbers)
        rows.append([name, str(len(numbers)), percent(found["bleu"]), percent(found["chrf"])])
    page.section(said("by_length"), said("by_length_note"), html_table(header, rows))


def _add_troubles(page: Page, outcome: Outcome) -> None:
    rows: list[list[Markup | str]] = [
        [said(f"trouble_{name}"), share(len(numbers), len(outcome.answers))]
        for name, numbers in outcome.troubles.items()
    ]
    page.section(said("troubles"), said("troubles_note"), html_table([said("trouble"), said("texts")], rows))
    for name, numbers in outcome.troubles.items():
        if numbers:
            page.add(element("h3", said(f"trouble_{name}")), *(_card(outcome, one) for one in numbers[:_EXAMPLES]))


def _add_answers(page: Page, outcome: Outcome, name: str, numbers: Sequence[int]) -> None:
    if not numbers:
        return
    page.add(element("h2", said(name)), element("p", said(f"{name}_note", count=len(numbers)), class_="note"))
    page.add(*(_card(outcome, number) for number in numbers))


def _card(outcome: Outcome, number: int) -> Markup:
    example, answer = outcome.examples[number], outcome.answers[number]
    scores = f"BLEU {percent(outcome.sentence_scores[number])} · {answer.score:.3f}"
    lines: list[tuple[str, Markup | str]] = [
        (said("source"), clipped(outcome.sources[number])),
        (said("reference"), clipped(outcome.references[number])),
        (said("answer"), clipped(answer.text) or "–"),
        (said("scores"), scores),
    ]
    return example_card(f"{example.file}:{example.line}", lines)
