"""The test report: one page that shows how good a model is, and where it errs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy

from tengjia.base_tasks.sequence_labeling.outcome import Outcome, Row
from tengjia.metrics.scores import GOLD, PREDICTED, score
from tengjia.metrics.span_errors import Kind
from tengjia.reports.charts import heat_cell, interval_bar
from tengjia.reports.head import ReportHead
from tengjia.reports.page import Markup, Page, element, html_table, joined
from tengjia.reports.parts import (
    bar_cell,
    example_card,
    interval_tile,
    percent,
    share,
    tile,
    tiles,
    with_interval,
)
from tengjia.reports.terminal import table
from tengjia.reports.words import word

TINTS = 12
"""How many colours there are for types."""

Span = tuple[int, int, str]


def terminal_table(outcome: Outcome) -> str:
    """Precision, recall and F1 of each type with the interval of F1, for a terminal."""
    header = [word(name) for name in ("type", "precision", "recall", "f1", "interval", "gold", "found")]
    header[4] = f"{100 * outcome.level:g}% {header[4]}"
    rows = [
        [
            row.name or word("all_types"),
            *(percent(part.value) for part in (row.precision, row.recall, row.f1)),
            f"[{percent(row.f1.low)}, {percent(row.f1.high)}]",
            str(row.gold),
            str(row.predicted),
        ]
        for row in outcome.rows
    ]
    return table(header, rows, rules=[len(rows) - 1])


def write_report(file: Path, outcome: Outcome, head: ReportHead) -> Path:
    """Write the page.

    Args:
        file: Where to.
        outcome: What was tested.
        head: Whom it is about, and how much of the wrong answers to show.
    """
    lead = word(
        "test_lead",
        texts=f"{len(outcome.examples):,}",
        entities=f"{outcome.overall.gold:,}",
        model=head.model,
        time=head.now(),
    )
    page = head.page(lead)
    page.add(_tiles(outcome))
    head.add_comparison(page, outcome.level, outcome.measure)
    page.section(word("per_type"), word("per_type_note", level=f"{100 * outcome.level:g}"), types_table(outcome))
    page.section(word("confusion"), word("confusion_note"), _confusion(outcome))
    page.section(word("error_kinds"), word("error_kinds_note"), kinds_table(outcome))
    page.section(word("by_length"), word("by_length_note"), _groups(word("characters"), outcome.by_length))
    if outcome.by_novelty:
        named = {word(f"surface_{name}"): counts for name, counts in outcome.by_novelty.items()}
        page.section(word("by_novelty"), word("by_novelty_note"), _groups(word("surface"), named))
    page.section(word("by_status"), word("by_status_note"), _status(outcome))
    _add_worst(page, outcome, head.worst)
    return page.write(file)


def _tiles(outcome: Outcome) -> Markup:
    row = outcome.overall
    shown = [interval_tile(word(name), getattr(row, name)) for name in ("f1", "precision", "recall")]
    return tiles(*shown, tile(percent(outcome.right_texts), word("right_texts"), "%"))


def types_table(outcome: Outcome) -> Markup:
    """Scores of each type, and of all."""
    header = [word(name) for name in ("type", "precision", "recall", "f1")] + ["", word("gold"), word("found")]
    rows = [_type_row(row, number) for number, row in enumerate(outcome.rows)]
    return html_table(header, rows, totals=[len(rows) - 1])


def _type_row(row: Row, number: int) -> list[Markup | str]:
    name = element("mark", row.name, class_=f"h{number % TINTS}") if row.name else Markup(word("all_types"))
    figures = [with_interval(interval) for interval in (row.precision, row.recall, row.f1)]
    return [name, *figures, bar_cell(row.f1), str(row.gold), str(row.predicted)]


def _confusion(outcome: Outcome) -> Markup:
    names = [*outcome.all_types, "—"]
    most = int(outcome.confusion.max(initial=0))
    rows: list[list[Markup | str]] = []
    for number, (name, line) in enumerate(zip(names, outcome.confusion.tolist())):
        nothing = number == len(names) - 1
        label = word("spurious_row") if nothing else name
        cells = line[:-1] if nothing else line
        shown = [heat_cell(count, most, wrong=column != number) for column, count in enumerate(cells)]
        rows.append([label, *shown, *([""] if nothing else [])])
    return html_table([word("gold_down"), *outcome.all_types, word("missed_column")], rows, class_="confusion")


def kinds_table(outcome: Outcome) -> Markup:
    """How many spans are right, or wrong in which way."""
    rows = []
    for kind in Kind:
        sides = [outcome.kinds[side].get(kind.value) for side in ("gold", "predicted")]
        totals = [sum(outcome.kinds[side].values()) for side in ("gold", "predicted")]
        rows.append([word(f"kind_{kind.value}"), *(share(count, total) for count, total in zip(sides, totals))])
    return html_table([word("kind"), word("gold"), word("found")], rows)


def _groups(title: str, groups: Mapping[str, numpy.ndarray]) -> Markup:
    header = [title, *(word(name) for name in ("precision", "recall", "f1")), "", word("gold"), word("found")]
    rows: list[list[Markup | str]] = []
    for name, counts in groups.items():
        if not counts.any():
            continue
        precision, recall, f1 = (float(part) for part in score(counts))
        gold, found = int(counts[GOLD]), int(counts[PREDICTED])
        # What was never to be found, or never found, has no rate: a nought would be taken for a bad one.
        figures = [percent(precision) if found else "–", *([percent(recall), percent(f1)] if gold else ["–", "–"])]
        bar = element("td", *([interval_bar(f1, f1, f1)] if gold else []), class_="picture")
        rows.append([name, *figures, bar, str(gold), str(found)])
    return html_table(header, rows)


def _status(outcome: Outcome) -> Markup:
    rows = [
        [word(f"status_{name}"), str(given), str(right), percent(right / given)]
        for name, (given, right) in outcome.by_status.items()
    ]
    return html_table([word("status"), word("given"), word("right"), word("precision")], rows)


def _add_worst(page: Page, outcome: Outcome, count: int) -> None:
    if count == 0:
        return
    numbers = outcome.worst(count)
    page.add(element("h2", word("worst")), element("p", word("worst_note", count=len(numbers)), class_="note"))
    tints = {name: number % TINTS for number, name in enumerate(outcome.all_types)}
    for number in numbers:
        example = outcome.examples[number]
        lines = marked_lines(example.text, outcome.gold[number], outcome.found[number], tints)
        page.add(example_card(f"{example.file}:{example.line}", lines))


def marked_lines(
    text: str, gold: Sequence[Span], found: Sequence[Span], tints: Mapping[str, int]
) -> list[tuple[str, Markup | str]]:
    """A text with its gold spans, and with those that were found; what is wrong is marked as such.

    Args:
        text: The text; of a long one the part with the errors is shown.
        gold: The right spans.
        found: Those that were found.
        tints: Type -> number of its colour.
    """
    wrong = (set(gold) - set(found)) | (set(found) - set(gold))
    shown, sides = _window(text, wrong), (("gold", gold), ("found", found))
    return [(word(who), joined(_marked(text, spans, wrong, tints, shown))) for who, spans in sides]


def _window(text: str, wrong: Iterable[Span], margin: int = 60, longest: int = 600) -> tuple[int, int]:
    """What to show of a text: all of a short one, of a long one what lies around the errors."""
    if len(text) <= longest:
        return 0, len(text)
    first = max(0, min((start for start, _, _ in wrong), default=0) - margin)
    last = min(len(text), max((end for _, end, _ in wrong), default=0) + margin)
    return first, min(last, first + longest)


def _marked(
    text: str, spans: Sequence[Span], wrong: set[Span], tints: Mapping[str, int], shown: tuple[int, int]
) -> list[Markup | str]:
    place, last = shown
    parts: list[Markup | str] = ["…"] if place else []
    for span in sorted(spans):
        start, end, name = span
        if start < place or end > last:
            continue
        parts.append(text[place:start])
        kind = f"h{tints[name]}{' wrong' if span in wrong else ''}"
        parts.append(element("mark", text[start:end], element("small", name), class_=kind))
        place = end
    return [*parts, text[place:last], *(["…"] if last < len(text) else [])]
