"""What all charts have: a frame with round numbers along its sides."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tengjia.reports.page import Markup, element, joined

_LEFT = 58
_RIGHT = 16
_BOTTOM = 40


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


def extent(values: Sequence[float], margin: float = 0.0) -> tuple[float, float]:
    """Least and greatest value, with room around them; never the same."""
    low, high = min(values), max(values)
    if low == high:
        low, high = low - (abs(low) * 0.1 or 0.5), high + (abs(high) * 0.1 or 0.5)
    return low - margin * (high - low), high + margin * (high - low)


@dataclass(frozen=True)
class Axes:
    """A frame of a picture: values as places in it."""

    x: tuple[float, float]
    """Least and greatest value from left to right."""

    y: tuple[float, float]
    """Least and greatest value from bottom to top."""

    width: int = 860
    height: int = 290
    top: int = 14
    """Room above."""

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Where a point is drawn."""
        across = _LEFT + (x - self.x[0]) / (self.x[1] - self.x[0]) * (self.width - _LEFT - _RIGHT)
        up = self.height - _BOTTOM - (y - self.y[0]) / (self.y[1] - self.y[0]) * (self.height - self.top - _BOTTOM)
        return round(across, 1), round(up, 1)

    def grid(self, *, x_name: str, y_name: str = "", x_ticks: int = 8) -> list[Markup]:
        """Lines and numbers behind a picture, and what the axes count."""
        across = (self.width - _RIGHT, self.height - 5, "end")
        parts = [self._horizontal(value) for value in ticks(*self.y)]
        parts += [self._below(value, index % 2 == 1) for index, value in enumerate(ticks(*self.x, x_ticks))]
        parts.append(text(x_name, *across, class_="axis"))
        return [*parts, *([text(y_name, _LEFT, self.top - 12, "start", class_="axis")] if y_name else [])]

    def picture(self, *parts: Markup, label: str, class_: str = "chart") -> Markup:
        """The whole drawing."""
        view = f"0 0 {self.width} {self.height}"
        return element("svg", *parts, viewBox=view, role="img", aria_label=label, class_=class_)

    def _horizontal(self, value: float) -> Markup:
        y = self.place(self.x[0], value)[1]
        line = element("line", x1=_LEFT, x2=self.width - _RIGHT, y1=y, y2=y, class_="grid")
        return joined([line, text(number(value), _LEFT - 8, y + 4, "end")])

    def _below(self, value: float, every_other: bool) -> Markup:
        class_ = "every-other" if every_other else None  # those of which a narrow screen shows none
        return text(number(value), self.place(value, self.y[0])[0], self.height - _BOTTOM + 18, "middle", class_=class_)


def text(content: str, x: float, y: float, anchor: str, class_: str | None = None) -> Markup:
    """Words in a picture."""
    return element("text", content, x=x, y=y, text_anchor=anchor, class_=class_)


def legend(names: Iterable[str], colours: int) -> Markup:
    """Which colour stands for what."""
    items = [element("span", element("i", class_=f"c{index % colours}"), name) for index, name in enumerate(names)]
    return element("div", *items, class_="legend")
