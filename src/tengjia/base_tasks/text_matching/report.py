"""The test report of matching: one page that shows how good a model is, and where it errs."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy

from tengjia.base_tasks.text_matching.outcome import Outcome
from tengjia.messages import catalogue, text
from tengjia.reports.head import ReportHead
from tengjia.reports.page import Markup, Page, element, html_table
from tengjia.reports.parts import (
    Show,
    clipped,
    decimals,
    example_card,
    interval_tile,
    measures_table,
    percent,
    tiles,
)
from tengjia.reports.plots import histogram, scatter_plot
from tengjia.reports.terminal import table
from tengjia.reports.words import word

_NO_SHARES: Final = ("pearson", "spearman", "rmse", "mae", "quadratic_kappa")
_TILES: Final = 4
_WORST_RANKINGS: Final = 5
_SHOWN_OF_RANKING: Final = 8


def said(name: str, /, **values: Any) -> str:
    """The word or sentence `matching.<name>`."""
    return text(f"matching.{name}", **values).message


def measure_name(name: str) -> str:
    """What people call a measure; `ndcg/3` is that of the first three."""
    stem, _, rank = name.partition("/")
    known = "matching." + f"measure_{stem}"
    called = text(known).message if known in catalogue("matching") else stem
    return f"{called} @{rank}" if rank else called


def _show(name: str) -> Show:
    return decimals if name in _NO_SHARES else percent


def terminal_table(outcome: Outcome) -> str:
    """Every measure with its interval, for a terminal."""
    header = [word("measure"), word("value"), f"{100 * outcome.level:g}% {word('interval')}"]
    rows = []
    for name, figure in outcome.figures.items():
        show = _show(name)
        rows.append([_named(outcome, name), show(figure.value), f"[{show(figure.low)}, {show(figure.high)}]"])
    told = [said("undefined_here", found=", ".join(map(measure_name, outcome.undefined)))] if outcome.undefined else []
    return "\n".join([table(header, rows), *told])


def _named(outcome: Outcome, name: str) -> str:
    """A measure with the rank that it looks at, where it says none itself."""
    return measure_name(f"{name}/{outcome.measuring.cutoff}" if name in {"ndcg", "recall"} else name)


def write_report(file: Path, outcome: Outcome, head: ReportHead) -> Path:
    """Write the page.

    Args:
        file: Where to.
        outcome: What was tested.
        head: Whom it is about, and how much of the wrong answers to show.
    """
    lead = said(
        "lead",
        pairs=f"{len(outcome.examples):,}",
        rankings=len(outcome.rankings),
        model=head.model,
        time=head.now(),
    )
    told = [said("undefined_here", found=", ".join(map(measure_name, outcome.undefined)))] if outcome.undefined else []
    page = head.page(lead, told)
    shown = list(outcome.figures.items())
    page.add(tiles(*(interval_tile(_named(outcome, name), figure, _show(name)) for name, figure in shown[:_TILES])))
    head.add_comparison(page, outcome.level, outcome.measure)
    _add_measures(page, outcome)
    _add_pictures(page, outcome)
    _add_groups(page, outcome)
    _add_rankings(page, outcome)
    _add_worst(page, outcome, head.worst)
    return page.write(file)


def _add_measures(page: Page, outcome: Outcome) -> None:
    measures = {_named(outcome, name): figure for name, figure in outcome.figures.items()}
    shows = {_named(outcome, name): _show(name) for name in outcome.figures}
    note = said("measures_note", level=f"{100 * outcome.level:g}")
    page.section(said("measures"), note, measures_table(measures, shows))


def _add_pictures(page: Page, outcome: Outcome) -> None:
    gold, found = outcome.gold[outcome.scored], outcome.found[outcome.scored]
    if outcome.is_yes_or_no:
        series = {
            said(key): found[(gold >= outcome.relevant) == yes].tolist() for key, yes in (("yes", True), ("no", False))
        }
        picture = histogram(
            series,
            x_name=said("answered_score"),
            y_name=said("pairs"),
            label=said("spread"),
            reach=(outcome.scale.low, outcome.scale.high),
        )
        page.section(said("spread"), said("spread_note"), picture)
        return
    picture = scatter_plot(
        list(zip(gold.tolist(), found.tolist())),
        x_name=said("gold_score"),
        y_name=said("answered_score"),
        label=said("scatter"),
    )
    page.section(said("scatter"), said("scatter_note"), picture)
    errors = {"": outcome.errors[outcome.scored].tolist()}
    picture = histogram(errors, x_name=said("error"), y_name=said("pairs"), label=said("error_spread"))
    page.section(said("error_spread"), said("error_spread_note"), picture)


def _add_groups(page: Page, outcome: Outcome) -> None:
    page.section(said("by_length"), said("by_length_note"), _groups(outcome, said("characters"), outcome.by_length()))
    novelty = {said(f"first_{name}"): numbers for name, numbers in outcome.by_novelty().items()}
    if len(novelty) > 1:
        page.section(said("by_novelty"), said("by_novelty_note"), _groups(outcome, said("first_text"), novelty))


def _groups(outcome: Outcome, title: str, groups: dict[str, numpy.ndarray]) -> Markup:
    header = [title, said("pairs"), *(measure_name(name) for name in ("pearson", "rmse")), said("mean_error")]
    rows: list[list[Markup | str]] = []
    for name, numbers in groups.items():
        figures = outcome.of_part(numbers)
        rows.append([name, str(len(numbers)), *(decimals(figures[key]) for key in ("pearson", "rmse", "error"))])
    return html_table(header, rows)


def _add_rankings(page: Page, outcome: Outcome) -> None:
    if not outcome.ranked:
        return
    page.add(element("h2", said("rankings")), element("p", said("rankings_note"), class_="note"))
    for numbers in outcome.worst_rankings(_WORST_RANKINGS):
        first = outcome.questions[int(numbers[0])][0]
        rows: list[list[Markup | str]] = [
            [
                clipped(outcome.questions[number][1], 160),
                decimals(float(outcome.found[number])),
                decimals(float(outcome.gold[number])),
            ]
            for number in numbers[:_SHOWN_OF_RANKING].tolist()
        ]
        header = [said("second_text"), said("answered_score"), said("gold_score")]
        page.add(element("div", element("p", clipped(first, 300)), html_table(header, rows), class_="card"))


def _add_worst(page: Page, outcome: Outcome, count: int) -> None:
    numbers = outcome.worst(count)
    if not numbers:
        return
    note = said("worst_note", count=len(numbers))
    page.add(element("h2", said("worst")), element("p", note, class_="note"))
    for number in numbers:
        example, (first, second) = outcome.examples[number], outcome.questions[number][:2]
        scores = f"{decimals(float(outcome.gold[number]))} → {decimals(float(outcome.found[number]))}"
        lines: list[tuple[str, Markup | str]] = [
            (said("first_text"), clipped(first)),
            (said("second_text"), clipped(second)),
            (said("gold_to_answered"), scores),
        ]
        page.add(example_card(f"{example.file}:{example.line}", lines))
