"""The test report: one page that shows how good a classifier is, where it errs, and whether it knows when."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from tengjia.base_tasks.text_classification.intervals import Row
from tengjia.base_tasks.text_classification.outcome import Outcome
from tengjia.base_tasks.text_classification.words import said
from tengjia.metrics.calibration import expected_calibration_error
from tengjia.metrics.resampling import Interval
from tengjia.reports.head import ReportHead
from tengjia.reports.page import Markup, Page, element, html_table
from tengjia.reports.parts import (
    bar_cell,
    clipped,
    confusion_table,
    example_card,
    interval_tile,
    most_confused,
    percent,
    tile,
    tiles,
    with_interval,
)
from tengjia.reports.plots import reliability_plot
from tengjia.reports.terminal import printable, shortened, table
from tengjia.reports.words import word

MOST_CONFUSED: Final = 30
"""So many classes the picture of the confusion shows: of more, those that are confused most."""

_WIDEST_NAME: Final = 32


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


def write_report(file: Path, outcome: Outcome, head: ReportHead) -> Path:
    """Write the report.

    Args:
        file: Where to.
        outcome: What was tested.
        head: Whom it is about, and how much of the wrong answers to show.
    """
    texts = f"{len(outcome.examples):,}"
    lead = said("test_lead", texts=texts, classes=len(outcome.all_classes), model=head.model, time=head.now())
    page = head.page(lead)
    page.add(_tiles(outcome))
    head.add_comparison(page, outcome.level, outcome.measure)
    note = said("per_class_note", level=f"{100 * outcome.level:g}")
    page.section(said("per_class"), note, _classes(outcome))
    _add_confusion(page, outcome)
    _add_reliability(page, outcome)
    _add_seen(page, outcome)
    _add_worst(page, outcome, head.worst)
    return page.write(file)


def _tiles(outcome: Outcome) -> Markup:
    overall, flat = outcome.intervals.overall, outcome.flat()
    names = ("accuracy", "classification_f1", "classification_f1_weighted")
    shown = [interval_tile(said(f"mean_{name}"), overall[name]) for name in names]
    shown.append(tile(percent(flat["roc_auc"]), said("roc_auc")))
    if outcome.outside is not None:
        shown.append(tile(percent(flat["accuracy_inside"]), said("accuracy_inside")))
        shown.append(tile(percent(flat["outside_recall"]), said("outside_recall", name=outcome.outside)))
    return tiles(*shown)


def _classes(outcome: Outcome) -> Markup:
    header = [said("class"), *(word(name) for name in ("precision", "recall", "f1")), "", word("gold"), word("found")]
    rows: list[list[Markup | str]] = []
    for row in outcome.rows:
        figures = [percent(row.precision), percent(row.recall), with_interval(row.f1), bar_cell(row.f1)]
        rows.append([row.name, *figures, str(row.gold), str(row.predicted)])
    return html_table(header, rows)


def _add_confusion(page: Page, outcome: Outcome) -> None:
    if outcome.multiple:
        return  # what of several classes was taken for which nobody can say
    matrix, names = outcome.confusion, [*outcome.all_classes, said("no_class")]
    if not matrix[-1].any() and not matrix[:, -1].any():
        matrix, names = matrix[:-1, :-1], names[:-1]
    page.section(said("confusion"), said("confusion_note"), confusion_table(matrix, names, most=MOST_CONFUSED))
    page.section(said("pairs"), said("pairs_note"), most_confused(matrix, names))


def _add_reliability(page: Page, outcome: Outcome) -> None:
    bins = outcome.bins
    names = {"x_name": said("mean_confidence"), "y_name": said("share_right")}
    plot = reliability_plot(bins, label=said("reliability"), **names)
    header = [said("confidence"), said("answers"), *names.values()]
    rows = [
        [f"{one.low:.1f}–{one.high:.1f}", str(one.answers), percent(one.confidence), percent(one.right)] for one in bins
    ]
    error = percent(expected_calibration_error(bins))
    page.section(said("reliability"), said("reliability_note", error=error), plot, html_table(header, rows))


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
        example, answer = outcome.examples[number], outcome.answers[number]
        given = f"{', '.join(answer.classes) or said('no_class')} ({outcome.surety[number]:.4f})"
        lines = [
            (word("gold"), ", ".join(outcome.gold[number]) or said("no_class")),
            (word("found"), given),
            (said("text"), clipped(example.text)),
        ]
        page.add(example_card(f"{example.file}:{example.line}", lines))
