"""Pictures as inline SVG: lines over steps, bars with intervals. A value shows when the pointer rests on its dot."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final

from tengjia.reports.page import Markup, element, joined

Points = Sequence[tuple[float, float]]

_WIDTH: Final = 860
_HEIGHT: Final = 290
_LEFT: Final = 58
_RIGHT: Final = 16
_TOP: Final = 14
_BOTTOM: Final = 40
_MOST_DOTS: Final = 80
COLOURS: Final = 6


def ticks(low: float, high: float, count: int = 5) -> list[float]:
    """Round numbers from `low` to `high`, about `count` of them (Heckbert, Nice Numbers for Graph Labels, 1990)."""
    if not high > low:
        return [low]
    rough = (high - low) / max(1, count)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * nice for nice in (1, 2, 2.5, 5, 10) if power * nice >= rough * 0.999)
    first = math.ceil(low / step - 1e-9)
    return [round(number * step, 12) for number in range(first, math.floor(high / step + 1e-9) + 1)]


def number(value: float) -> str:
    """A value as a label: short, without needless zeros."""
    if value != 0 and not 1e-3 <= abs(value) < 1e5:
        return f"{value:.3g}"
    return f"{value:.4f}".rstrip("0").rstrip(".")


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
    x_low, x_high = _range([x for points in kept.values() for x, _ in points])
    y_low, y_high = _range([y for points in kept.values() for _, y in points], margin=0.06)

    def place(point: tuple[float, float]) -> tuple[float, float]:
        x = _LEFT + (point[0] - x_low) / (x_high - x_low) * (_WIDTH - _LEFT - _RIGHT)
        y = _HEIGHT - _BOTTOM - (point[1] - y_low) / (y_high - y_low) * (_HEIGHT - _TOP - _BOTTOM)
        return round(x, 1), round(y, 1)

    parts = [_horizontal(value, place((x_low, value))[1]) for value in ticks(y_low, y_high)]
    below = ticks(x_low, x_high, 8)
    parts += [_below(value, place((value, y_low))[0], every_other=index % 2 == 1) for index, value in enumerate(below)]
    parts.append(_text(x_name, _WIDTH - _RIGHT, _HEIGHT - 5, "end", class_="axis"))
    for index, (name, points) in enumerate(kept.items()):
        parts.append(_line(name, points, [place(point) for point in points], index))
    view = f"0 0 {_WIDTH} {_HEIGHT}"
    picture = element("svg", *parts, viewBox=view, role="img", aria_label=f"{label}, {x_name}", class_="chart")
    return joined([_legend(list(kept)), picture])


def _legend(names: Sequence[str]) -> Markup:
    items = [element("span", element("i", class_=f"c{index % COLOURS}"), name) for index, name in enumerate(names)]
    return element("div", *items, class_="legend")


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


def _horizontal(value: float, y: float) -> Markup:
    line = element("line", x1=_LEFT, x2=_WIDTH - _RIGHT, y1=y, y2=y, class_="grid")
    return joined([line, _text(number(value), _LEFT - 8, y + 4, "end")])


def _below(value: float, x: float, *, every_other: bool) -> Markup:
    class_ = "every-other" if every_other else None  # those of which a narrow screen shows none
    return _text(number(value), x, _HEIGHT - _BOTTOM + 18, "middle", class_=class_)


def _text(content: str, x: float, y: float, anchor: str, class_: str | None = None) -> Markup:
    return element("text", content, x=x, y=y, text_anchor=anchor, class_=class_)


def _range(values: Sequence[float], margin: float = 0.0) -> tuple[float, float]:
    low, high = min(values), max(values)
    if low == high:
        low, high = low - (abs(low) * 0.1 or 0.5), high + (abs(high) * 0.1 or 0.5)
    return low - margin * (high - low), high + margin * (high - low)


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
