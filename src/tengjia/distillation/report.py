"""The table as a page, with a picture: who is right how often, and how quick."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

from tengjia.distillation.comparison import Comparison, Measured
from tengjia.distillation.phrases import said
from tengjia.reports.axes import Axes, extent, number, text
from tengjia.reports.charts import COLOURS
from tengjia.reports.page import Markup, Page, element, html_table


def write_report(file: Path, comparison: Comparison, *, place: str, run: str) -> Path:
    """Write the page.

    Args:
        file: Where to.
        comparison: What was found.
        place: Application and task.
        run: Identity of the run.
    """
    lead = said("lead", part=comparison.part, texts=comparison.texts)
    page = Page(said("title"), eyebrow=f"{place} · {run}", lead=lead)
    header, rows = comparison.cells()
    page.section(said("table"), comparison.verdict(), html_table(header, rows))
    page.section(said("picture"), said("picture_note"), picture(comparison.rows))
    return page.write(file)


def picture(rows: Sequence[Measured]) -> Markup:
    """Speed from left to right, accuracy upwards; the larger a dot, the larger the model. The teacher comes first."""
    speeds = [row.texts_per_second / max(rows[0].texts_per_second, 1e-9) for row in rows]
    axes = Axes((0.0, 1.15 * max(speeds)), extent([row.accuracy for row in rows], 0.25), height=340, top=26)
    parts = axes.grid(x_name=said("axis_speed"), y_name=said("head_accuracy"))
    most = max(row.parameters for row in rows)
    for index, (row, speed) in enumerate(zip(rows, speeds)):
        x, y = axes.place(speed, row.accuracy)
        name = said(f"who_{row.name}")
        told = f"{name}: {number(row.accuracy)}, {row.texts_per_second:,.0f}/s, {row.parameters:,}"
        radius = round(5 + 13 * math.sqrt(row.parameters / max(1, most)), 1)
        dot = element("circle", element("title", told), cx=x, cy=y, r=radius, class_="point")
        parts.append(element("g", dot, text(name, x, round(y - radius - 6, 1), "middle"), class_=f"c{index % COLOURS}"))
    return axes.picture(*parts, label=said("picture"))
