"""Pictures of scores and probabilities: gold against answered scores, how they spread, whether probabilities hold."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final, Protocol

from tengjia.reports.axes import Axes, extent, legend, number
from tengjia.reports.charts import COLOURS
from tengjia.reports.page import Markup, element, joined

_ROOM: Final = 26
_SQUARE: Final = {"width": 520, "height": 452, "top": _ROOM}
_MOST_DOTS: Final = 1500


class Bin(Protocol):
    """Answers of about the same confidence (`tengjia.metrics.calibration.Bin`)."""

    @property
    def answers(self) -> int:
        """How many."""

    @property
    def confidence(self) -> float:
        """Their mean confidence."""

    @property
    def right(self) -> float:
        """The share of them that is right."""


def scatter_plot(
    points: Sequence[tuple[float, float]], *, x_name: str, y_name: str, label: str, equal: bool = True
) -> Markup:
    """Points in a square, with a line where both are equal.

    Args:
        points: x and y; those that are not finite are left out. Of many every so-many-th is drawn.
        x_name: What is drawn from left to right (the gold score).
        y_name: What is drawn upwards (the answered one).
        label: What a screen reader says of the picture.
        equal: Whether both axes have one scale, and the line of equality is drawn.
    """
    kept = [point for point in points if all(map(math.isfinite, point))]
    if not kept:
        return Markup("")
    across, up = extent([x for x, _ in kept], 0.04), extent([y for _, y in kept], 0.04)
    if equal:
        across = up = min(across[0], up[0]), max(across[1], up[1])
    axes = Axes(across, up, **_SQUARE)
    parts = axes.grid(x_name=x_name, y_name=y_name, x_ticks=5)
    if equal:
        parts.append(_diagonal(axes))
    for x, y in kept[:: math.ceil(len(kept) / _MOST_DOTS)]:
        at_x, at_y = axes.place(x, y)
        title = element("title", f"{number(x)} → {number(y)}")
        parts.append(element("circle", title, cx=at_x, cy=at_y, r=3.2, class_="point c0"))
    return axes.picture(*parts, label=f"{label}: {x_name}, {y_name}", class_="chart square")


def histogram(
    series: Mapping[str, Sequence[float]],
    *,
    x_name: str,
    y_name: str,
    label: str,
    bins: int = 20,
    reach: tuple[float, float] | None = None,
) -> Markup:
    """How values spread, as bars; of several series one upon the other.

    Args:
        series: What the values are (`right`, `wrong`) -> the values; those that are not finite are left out.
        x_name: What is measured.
        y_name: What is counted.
        label: What a screen reader says of the picture.
        bins: How many bars.
        reach: Least and greatest value that is shown; those of the data when not given.
    """
    kept = {name: [value for value in values if math.isfinite(value)] for name, values in series.items()}
    everything = [value for values in kept.values() for value in values]
    if not everything:
        return Markup("")
    low, high = reach or extent(everything)
    counts = {name: _counted(values, low, high, bins) for name, values in kept.items()}
    axes = Axes((low, high), (0.0, 1.05 * max(map(sum, zip(*counts.values())))), top=_ROOM)
    parts, below = axes.grid(x_name=x_name, y_name=y_name), [0] * bins
    for index, (name, column) in enumerate(counts.items()):
        for at, count in enumerate(column):
            if count:
                left, right = (low + (high - low) * edge / bins for edge in (at, at + 1))
                parts.append(_bar(axes, (left, right), below[at], count, name, index))
                below[at] += count
    picture = axes.picture(*parts, label=f"{label}, {x_name}")
    return joined([legend(kept, COLOURS), picture]) if len(kept) > 1 else picture


def reliability_plot(bins: Sequence[Bin], *, x_name: str, y_name: str, label: str) -> Markup:
    """Whether probabilities mean what they say: dots on the line do. The larger a dot, the more answers it stands for.

    Args:
        bins: Answers by confidence.
        x_name: What is drawn from left to right (the mean confidence).
        y_name: What is drawn upwards (the share of right answers).
        label: What a screen reader says of the picture.
    """
    if not bins:
        return Markup("")
    axes = Axes((0.0, 1.0), (0.0, 1.0), **_SQUARE)
    parts = [*axes.grid(x_name=x_name, y_name=y_name, x_ticks=5), _diagonal(axes)]
    path = " ".join("{},{}".format(*axes.place(one.confidence, one.right)) for one in bins)
    parts.append(element("polyline", points=path, class_="line thin"))
    most = max(one.answers for one in bins)
    for one in bins:
        at_x, at_y = axes.place(one.confidence, one.right)
        title = element("title", f"{one.confidence:.3f} → {one.right:.3f} ({one.answers})")
        radius = round(3 + 9 * math.sqrt(one.answers / most), 1)
        parts.append(element("circle", title, cx=at_x, cy=at_y, r=radius, class_="point"))
    return axes.picture(element("g", *parts, class_="c0"), label=f"{label}: {x_name}, {y_name}", class_="chart square")


def _diagonal(axes: Axes) -> Markup:
    low, high = max(axes.x[0], axes.y[0]), min(axes.x[1], axes.y[1])
    (x1, y1), (x2, y2) = axes.place(low, low), axes.place(high, high)
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, class_="equal")


def _counted(values: Sequence[float], low: float, high: float, bins: int) -> list[int]:
    counts = [0] * bins
    for value in values:
        if low <= value <= high:
            counts[min(bins - 1, int((value - low) / (high - low) * bins))] += 1
    return counts


def _bar(axes: Axes, edges: tuple[float, float], below: int, count: int, name: str, index: int) -> Markup:
    (left, foot), (right, head) = axes.place(edges[0], below), axes.place(edges[1], below + count)
    title = element("title", f"{name} · {number(edges[0])} – {number(edges[1])}: {count}".removeprefix(" · "))
    width, height = round(max(1.0, right - left - 1.5), 1), round(foot - head, 1)
    return element("rect", title, x=left, y=head, width=width, height=height, class_=f"column c{index % COLOURS}")
