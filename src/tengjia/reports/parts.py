"""Parts that reports of several base tasks are made of: figures as tiles, tables with intervals, cards of examples."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

import numpy

from tengjia.metrics.resampling import Interval
from tengjia.reports.charts import heat_cell, interval_bar
from tengjia.reports.page import Markup, Page, element, html_table, joined
from tengjia.reports.terminal import width
from tengjia.reports.words import word

_MANY: Final = 64
"""Letters of the names of columns above which they stand upright; a Chinese character counts as two."""

Show = Callable[[float], str]
"""How a figure is written."""


def percent(value: float) -> str:
    """A fraction as percents with two places; what is not known as a dash."""
    return f"{100 * value:.2f}" if math.isfinite(value) else "–"


def decimals(value: float) -> str:
    """A figure that is no share, as a correlation or an error, with three places."""
    return f"{value:.3f}" if math.isfinite(value) else "–"


def add_notes(page: Page, notes: Iterable[str]) -> None:
    """Say what must be known to read the scores rightly. A note that is ready HTML stands as it is."""
    for note in notes:
        page.add(note if isinstance(note, Markup) else element("div", element("p", note), class_="card warning"))


def tiles(*shown: Markup) -> Markup:
    """The figures that are read first, side by side."""
    return element("div", *shown, class_="tiles")


def tile(figure: str, name: str, more: str = "") -> Markup:
    """One figure, with its name and a remark under it."""
    return element("div", element("b", figure), element("span", f"{name} {more}".rstrip()), class_="tile")


def interval_tile(name: str, interval: Interval, show: Show = percent) -> Markup:
    """One figure with its interval under it."""
    return tile(show(interval.value), name, f"[{show(interval.low)}, {show(interval.high)}]")


def with_interval(interval: Interval, show: Show = percent) -> Markup:
    """A figure with its interval, for a cell of a table."""
    ends = element("small", f"{show(interval.low)}–{show(interval.high)}")
    return joined([show(interval.value), " ", ends])


def bar_cell(interval: Interval) -> Markup:
    """A cell with a fraction drawn on a track."""
    known = all(map(math.isfinite, interval))
    return element("td", *([interval_bar(*interval)] if known else []), class_="picture")


def measures_table(measures: Mapping[str, Interval], shows: Mapping[str, Show] | None = None) -> Markup:
    """Measures one under the other, with their intervals.

    Args:
        measures: What each is called -> its figure. Those from 0 to 1 that are shown as percents are drawn, too.
        shows: How those are written that are no percents.
    """
    rows: list[list[Markup | str]] = []
    for name, interval in measures.items():
        show = (shows or {}).get(name, percent)
        rows.append([name, with_interval(interval, show), bar_cell(interval) if show is percent else ""])
    return html_table([word("measure"), word("value"), ""], rows)


def share(count: int | None, total: int) -> Markup | str:
    """A count with its share of a total; a dash for what cannot be."""
    if count is None:
        return "–"
    return joined([str(count), " ", element("small", f"{100 * count / max(1, total):.1f}%")])


def example_card(place: str, lines: Sequence[tuple[str, Markup | str]]) -> Markup:
    """An example of the corpus with what is right and what was answered.

    Args:
        place: Where it stands (`file:line`).
        lines: What each line is, and what it says.
    """
    shown = [
        part
        for who, said in lines
        for part in (element("span", who, class_="who"), element("span", said, class_="said", lang="zh"))
    ]
    return element("div", element("p", place, class_="place"), element("div", *shown, class_="sentence"), class_="card")


def clipped(text: str, longest: int = 600) -> str:
    """A text that is not too long to be shown."""
    return text if len(text) <= longest else f"{text[:longest]}…"


def confusion_table(matrix: numpy.ndarray, names: Sequence[str], *, most: int = 20) -> Markup:
    """What was taken for what, rows gold and columns answers; of many classes those that are confused most.

    Args:
        matrix: `[C, C]` counts.
        names: Of the classes.
        most: How many classes are shown.
    """
    wrong = matrix - numpy.diag(numpy.diag(matrix))
    trouble = wrong.sum(axis=0) + wrong.sum(axis=1)
    chosen = sorted(numpy.argsort(-trouble, kind="stable")[:most].tolist())
    largest = int(matrix[numpy.ix_(chosen, chosen)].max(initial=0))
    rows = [
        [names[row], *(heat_cell(int(matrix[row, column]), largest, wrong=row != column) for column in chosen)]
        for row in chosen
    ]
    letters = sum(max(6, width(names[column])) for column in chosen)
    class_ = "confusion many" if letters > _MANY else "confusion"
    table = html_table([word("gold_down"), *(names[column] for column in chosen)], rows, class_=class_)
    if len(chosen) == len(names):
        return table
    left_out = element("p", word("classes_left_out", count=len(names) - len(chosen)), class_="note")
    return joined([left_out, table])


def most_confused(matrix: numpy.ndarray, names: Sequence[str], *, most: int = 20) -> Markup:
    """The pairs of classes that are taken for one another most often, as a table."""
    wrong = matrix - numpy.diag(numpy.diag(matrix))
    order = numpy.argsort(-wrong, axis=None, kind="stable")[:most]
    places = [divmod(int(place), len(names)) for place in order]
    rows = [
        [names[gold], names[found], share(int(wrong[gold, found]), int(matrix[gold].sum()))]
        for gold, found in places
        if wrong[gold, found]
    ]
    if not rows:
        return element("p", word("nothing_confused"))
    return html_table([word("gold"), word("found"), word("texts_and_share")], rows)
