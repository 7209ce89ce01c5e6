"""The test report: one page that shows how good a classifier is, where it errs, and whether it knows when."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy

from tengjia.base_tasks.text_classification.intervals import Row
from tengjia.base_tasks.text_classification.outcome import Outcome
from tengjia.base_tasks.text_classification.words import said
from tengjia.metrics.calibration import expected_calibration_error
from tengjia.metrics.resampling import Difference, Interval
from tengjia.reports.charts import heat_cell, interval_bar, line_chart
from tengjia.reports.comparison import add_comparison
from tengjia.reports.page import Markup, Page, element, html_table, joined
from tengjia.reports.terminal import printable, shortened, table
from tengjia.reports.words import word

MOST_IN_PICTURE: Final = 30
"""So many classes the confusion shows; of more those that are most often confused."""

MOST_PAIRS: Final = 20
LONGEST: Final = 600
_WIDEST_NAME: Final = 32


def percent(value: float) -> str:
    """A fraction as percents with two places."""
    return f"{100 * value:.2f}"


def terminal_table(outcome: Outcome) -> str:
    """Scores of each class and of all, with the interval of F1 or accuracy, for a terminal."""
    header = [said("class"), *(word(name) for name in ("precision", "recall", "f1", "interval", "gold", "found"))]
    rows = [_terminal_row(row) for row in outcome.rows]
    overall = outcome.intervals.overall
    for name in ("classification_f1", "classification_f1_weighted", "accuracy"):
        rows.append([said(f"mean_{name}"), "", "", percent(overall[name].value), _ends(overall[name]), "", ""])
    return table(header, rows, rules=[len(outcome.rows)])


def _terminal_row(row: Row) -> list[str]:
    figures = [percent(row.precision), percent(row.recall), percent(row.f1.value), _ends(row.f1)]
    return [shortened(printable(row.name), _WIDEST_NAME), *figures, str(row.gold), str(row.predicted)]


def _ends(interval: Interval) -> str:
    return f"[{percent(interval.low)}, {percent(interval.high)}]"


def write_report(
    file: Path,
    outcome: Outcome,
    *,
    run: str,
    place: str,
    model: str,
    worst: int,
    comparison: tuple[str, Difference] | None = None,
    notes: Sequence[str] = (),
) -> Path:
    """Write the report.

    Args:
        file: Where to.
        outcome: What was tested.
        run: Identity of the run.
        place: Application, task and part.
        model: Name of the model.
        worst: How many of the wrong answers to show.
        comparison: Another run, and how far this one is ahead of it.
        notes: What must be known to read the scores rightly; stands above them.
    """
    when, texts = time.strftime("%Y-%m-%d %H:%M"), f"{len(outcome.examples):,}"
    lead = said("test_lead", texts=texts, classes=len(outcome.all_classes), model=model, time=when)
    page = Page(word("test_title", run=run), eyebrow=place, lead=lead)
    page.add(*(element("div", element("p", note), class_="card warning") for note in notes))
    page.add(_tiles(outcome))
    add_comparison(page, comparison, outcome.level, outcome.measure)
    note = said("per_class_note", level=f"{100 * outcome.level:g}")
    page.section(said("per_class"), note, _classes(outcome))
    _add_confusion(page, outcome)
    _add_reliability(page, outcome)
    _add_seen(page, outcome)
    _add_worst(page, outcome, worst)
    return page.write(file)


def _tiles(outcome: Outcome) -> Markup:
    overall, flat = outcome.intervals.overall, outcome.flat()
    names = ("accuracy", "classification_f1", "classification_f1_weighted")
    tiles = [_tile(percent(overall[name].value), f"{said(f'mean_{name}')} {_ends(overall[name])}") for name in names]
    tiles.append(_tile(percent(flat["roc_auc"]), said("roc_auc")))
    if outcome.outside is not None:
        tiles.append(_tile(percent(flat["accuracy_inside"]), said("accuracy_inside")))
        tiles.append(_tile(percent(flat["outside_recall"]), said("outside_recall", name=outcome.outside)))
    return element("div", *tiles, class_="tiles")


def _tile(figure: str, name: str) -> Markup:
    return element("div", element("b", figure), element("span", name), class_="tile")


def _classes(outcome: Outcome) -> Markup:
    header = [said("class"), *(word(name) for name in ("precision", "recall", "f1")), "", word("gold"), word("found")]
    rows: list[list[Markup | str]] = []
    for row in outcome.rows:
        ends = element("small", f"{percent(row.f1.low)}–{percent(row.f1.high)}")
        shown = joined([percent(row.f1.value), " ", ends])
        bar = element("td", interval_bar(*row.f1), class_="picture")
        counts = str(row.gold), str(row.predicted)
        rows.append([row.name, percent(row.precision), percent(row.recall), shown, bar, *counts])
    return html_table(header, rows)


def _add_confusion(page: Page, outcome: Outcome) -> None:
    if outcome.multiple:
        return  # what of several classes was taken for which nobody can say
    shown = _most_confused(outcome)
    note = "confusion_note" if len(shown) > len(outcome.all_classes) else "confusion_part_note"
    page.section(said("confusion"), said(note, count=len(shown)), _confusion(outcome, shown))
    if pairs := outcome.confused(MOST_PAIRS):
        rows = [[gold, given, str(count)] for gold, given, count in pairs]
        header = [word("gold"), word("found"), said("texts")]
        page.section(said("pairs"), said("pairs_note"), html_table(header, rows))


def _most_confused(outcome: Outcome) -> list[int]:
    """Numbers of the classes in the picture: all, or those with most errors, in the order of the classes."""
    table = outcome.confusion
    if len(table) <= MOST_IN_PICTURE + 1:
        return list(range(len(table)))
    errors = table.sum(axis=0) + table.sum(axis=1) - 2 * table.diagonal()
    return sorted(numpy.argsort(-errors[:-1], kind="stable")[:MOST_IN_PICTURE].tolist())


def _confusion(outcome: Outcome, shown: Sequence[int]) -> Markup:
    names = [*outcome.all_classes, "—"]
    part = outcome.confusion[numpy.ix_(shown, shown)]
    most = int(part.max(initial=0))
    rows: list[list[Markup | str]] = []
    for place, line in enumerate(part.tolist()):
        cells = [heat_cell(count, most, wrong=column != place) for column, count in enumerate(line)]
        rows.append([names[shown[place]], *cells])
    return html_table([word("gold_down"), *(names[number] for number in shown)], rows, class_="confusion")


def _add_reliability(page: Page, outcome: Outcome) -> None:
    bins = outcome.bins
    if not bins:
        return
    points = [(one.confidence, one.right) for one in bins]
    ideal = [(0.0, 0.0), (1.0, 1.0)]
    series = {said("share_right"): points, said("ideal"): ideal}
    chart = line_chart(series, x_name=said("confidence"), label=said("reliability"))
    header = [said("confidence"), said("answers"), said("mean_confidence"), said("share_right")]
    rows = [
        [f"{one.low:.1f}–{one.high:.1f}", str(one.answers), percent(one.confidence), percent(one.right)] for one in bins
    ]
    error = percent(expected_calibration_error(bins))
    page.section(said("reliability"), said("reliability_note", error=error), chart, html_table(header, rows))


def _add_seen(page: Page, outcome: Outcome) -> None:
    unseen = outcome.unseen
    if unseen is None:
        return
    rows = [
        [said(name), str(int(chosen.sum())), percent(outcome.right[chosen].mean()) if chosen.any() else "–"]
        for name, chosen in (("seen", ~unseen), ("unseen", unseen))
    ]
    header = [said("in_training"), said("texts"), said("mean_accuracy")]
    page.section(said("seen_and_unseen"), said("seen_note"), html_table(header, rows))


def _add_worst(page: Page, outcome: Outcome, count: int) -> None:
    numbers = outcome.worst(count)
    if not numbers:
        return
    page.add(element("h2", said("worst")), element("p", said("worst_note", count=len(numbers)), class_="note"))
    for number in numbers:
        page.add(_error(outcome, number))


def _error(outcome: Outcome, number: int) -> Markup:
    example, answer = outcome.examples[number], outcome.answers[number]
    given = f"{', '.join(answer.classes) or said('no_class')} ({outcome.surety[number]:.4f})"
    shown = example.text if len(example.text) <= LONGEST else f"{example.text[:LONGEST]}…"
    lines = [
        (word("gold"), ", ".join(outcome.gold[number]) or said("no_class")),
        (word("found"), given),
        (said("text"), shown),
    ]
    parts = [
        part
        for name, line in lines
        for part in (element("span", name, class_="who"), element("span", line, class_="said"))
    ]
    place = element("p", f"{example.file}:{example.line}", class_="place")
    return element("div", place, element("div", *parts, class_="sentence"), class_="card")
