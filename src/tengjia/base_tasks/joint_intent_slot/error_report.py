"""The test report: one page that shows how well slots and intents are found, and where both err."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tengjia.base_tasks.joint_intent_slot.outcome import Outcome
from tengjia.base_tasks.joint_intent_slot.words import said
from tengjia.base_tasks.sequence_labeling.error_report import TINTS, kinds_table, marked_lines, types_table
from tengjia.reports.head import ReportHead
from tengjia.reports.page import Markup, Page, element, html_table
from tengjia.reports.parts import (
    bar_cell,
    confusion_table,
    example_card,
    interval_tile,
    most_confused,
    percent,
    tile,
    tiles,
    with_interval,
)
from tengjia.reports.terminal import printable, shortened, table
from tengjia.reports.words import word

_CHIEF = ("slot_f1", "intent_accuracy", "sentence_accuracy")
_WIDEST = 32


def terminal_table(outcome: Outcome) -> str:
    """F1 of each slot, F1 of each intent, and what is measured over all, with intervals."""
    header = ["", *(word(name) for name in ("precision", "recall", "f1", "interval", "gold", "found"))]
    slots = [
        [
            row.name,
            percent(row.precision.value),
            percent(row.recall.value),
            percent(row.f1.value),
            _ends(row.f1),
            *_counted(row),
        ]
        for row in outcome.slots.rows[:-1]
    ]
    intents = [
        [
            shortened(printable(row.name), _WIDEST),
            percent(row.precision),
            percent(row.recall),
            percent(row.f1.value),
            _ends(row.f1),
            *_counted(row),
        ]
        for row in outcome.rows
    ]
    chief = [
        [said(name), "", "", percent(outcome.overall[name].value), _ends(outcome.overall[name]), "", ""]
        for name in _CHIEF
    ]
    return table(header, [*slots, *intents, *chief], rules=[len(slots), len(slots) + len(intents)])


def _counted(row: Any) -> tuple[str, str]:
    return str(row.gold), str(row.predicted)


def _ends(interval: tuple[float, float, float]) -> str:
    return f"[{percent(interval[1])}, {percent(interval[2])}]"


def write_report(file: Path, outcome: Outcome, head: ReportHead) -> Path:
    """Write the page.

    Args:
        file: Where to.
        outcome: What was tested.
        head: Whom it is about, and how much of the wrong answers to show.
    """
    texts = f"{len(outcome.examples):,}"
    slots = f"{outcome.slots.overall.gold:,}"
    lead = said(
        "test_lead", texts=texts, slots=slots, intents=len(outcome.all_intents), model=head.model, time=head.now()
    )
    page = head.page(lead)
    page.add(_tiles(outcome))
    if outcome.outside is not None:
        note = said("threshold_note", found=f"{outcome.least_score:.4f}", name=outcome.outside)
        page.add(element("p", note, class_="note"))
    head.add_comparison(page, outcome.level, outcome.measure)
    level = f"{100 * outcome.level:g}"
    page.section(said("intents"), said("intents_note", level=level), _intents(outcome))
    page.section(said("confused"), said("confused_note"), _confused(outcome))
    page.section(said("slots"), word("per_type_note", level=level), types_table(outcome.slots))
    page.section(word("error_kinds"), word("error_kinds_note"), kinds_table(outcome.slots))
    _add_worst(page, outcome, head.worst)
    return page.write(file)


def _tiles(outcome: Outcome) -> Markup:
    shown = [interval_tile(said(name), outcome.overall[name]) for name in _CHIEF]
    for name, value in outcome.outside_measures.items():
        words = said(name.removeprefix("intent_"), **({"name": outcome.outside} if name.startswith("outside") else {}))
        shown.append(tile(percent(value), words, "%"))
    return tiles(*shown)


def _intents(outcome: Outcome) -> Markup:
    header = [said("intent"), *(word(name) for name in ("precision", "recall", "f1")), "", word("gold"), word("found")]
    rows: list[list[Markup | str]] = [
        [row.name, percent(row.precision), percent(row.recall), with_interval(row.f1), bar_cell(row.f1), *_counted(row)]
        for row in outcome.rows
    ]
    return html_table(header, rows)


def _confused(outcome: Outcome) -> Markup:
    names = outcome.all_intents
    matrix = outcome.confusion[: len(names), : len(names)]
    parts = [confusion_table(matrix, names)]
    if matrix.sum() > matrix.trace():
        parts.append(most_confused(matrix, names))
    return element("div", *parts)


def _add_worst(page: Page, outcome: Outcome, count: int) -> None:
    numbers = outcome.worst(count)
    if not numbers:
        return
    page.add(element("h2", said("worst")), element("p", said("worst_note", count=len(numbers)), class_="note"))
    tints = {name: number % TINTS for number, name in enumerate(outcome.slots.all_types)}
    for number in numbers:
        example = outcome.examples[number]
        lines = marked_lines(example.text, outcome.slots.gold[number], outcome.slots.found[number], tints)
        intents = (outcome.gold[number], f"{outcome.found[number]} ({outcome.answers[number].score:.4f})")
        lines += [(f"{said('intent')} · {word(who)}", words) for who, words in zip(("gold", "found"), intents)]
        page.add(example_card(f"{example.file}:{example.line}", lines))
