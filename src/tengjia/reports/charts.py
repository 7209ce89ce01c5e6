"""Pictures as inline SVG: lines over steps, bars with intervals. A value shows when the pointer rests on its dot."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final

from tengjia.reports.axes import Axes, extent, legend, number
from tengjia.reports.page import Markup, element, joined

Points = Sequence[tuple[float, float]]

_MOST_DOTS: Final = 80
COLOURS: Final = 6


def line_chart(series: Mapping[str, Points], *, x_name: str, label: str) -> Markup:
    """Lines over a common x axis, with a legend.

    Args:
        series: Name -> points with rising x; values that are not finite are left out.
        x_name: What the x axis counts.
        label: What a screen reader says of the picture.
    """
    kept = {name: [p for p in points if all(map(math.isfinite, p))] for name, points in series.items()}
    kept = {name: points for name, points in kept.items() if points}
    if not kept:
        return Markup("")
    across = extent([x for points in kept.values() for x, _ in points])
    axes = Axes(across, extent([y for points in kept.values() for _, y in points], margin=0.06))
    parts = axes.grid(x_name=x_name)
    for index, (name, points) in enumerate(kept.items()):
        parts.append(_line(name, points, [axes.place(*point) for point in points], index))
    return joined([legend(kept, COLOURS), axes.picture(*parts, label=f"{label}, {x_name}")])


def _line(name: str, points: Points, places: Sequence[tuple[float, float]], index: int) -> Markup:
    path = " ".join(f"{x},{y}" for x, y in places)
    parts = [element("polyline", points=path, class_="line")]
    every = max(1, math.ceil(len(points) / _MOST_DOTS))
    for (x, y), (at_x, at_y) in list(zip(points, places))[::every]:
        title = element("title", f"{name} · {number(x)}: {number(y)}")
        if len(points) <= _MOST_DOTS // 2:
            parts.append(element("circle", cx=at_x, cy=at_y, r=2.6, class_="dot"))
        parts.append(element("circle", title, cx=at_x, cy=at_y, r=9, class_="halo"))
    return element("g", *parts, class_=f"c{index % COLOURS}")


def interval_bar(value: float, low: float, high: float) -> Markup:
    """A fraction from 0 to 1 as a dot on a track, with its interval as a band."""

    def x(fraction: float) -> float:
        return round(4 + min(1.0, max(0.0, fraction)) * 192, 1)

    band = max(2.0, x(high) - x(low))
    return element(
        "svg",
        element("rect", x=4, y=8, width=192, height=2, rx=1, class_="track"),
        element("rect", x=x(low), y=4, width=round(band, 1), height=10, rx=5, class_="interval"),
        element(
            "circle", element("title", f"{value:.4f} [{low:.4f}, {high:.4f}]"), cx=x(value), cy=9, r=4, class_="bar"
        ),
        viewBox="0 0 200 18",
        role="img",
        aria_label=f"{value:.3f}",
    )


def heat_cell(count: int, most: int, *, wrong: bool = False) -> Markup:
    """A table cell that is the darker the more it counts; errors have a colour of their own."""
    if count == 0:
        return Markup('<td class="heat"><small>·</small></td>')
    strength = 0.08 + 0.62 * math.sqrt(count / max(1, most))
    style = f"background: rgb(var(--{'wrong' if wrong else 'heat'}) / {strength:.2f})"
    return element("td", str(count), class_="heat", style=style)
