"""The picture of a corpus: how long its texts are, and how many spans of each type it has."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tengjia.utilities.files import write_bytes
from tengjia.utilities.fonts import labels

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from tengjia.data.statistics import Histogram, Statistics

COLOURS: Final = ("#3b6ea5", "#d98a2b", "#5a9a57")
BARS: Final = 40
TYPES: Final = 30
"""Types that are drawn, the most frequent first; the JSON report has all."""


def draw(parts: Mapping[str, Statistics], file: Path) -> None:
    """Draw the lengths and labels of each part to a PNG file."""
    # A figure of its own: no window system, no state shared with the user's own pictures.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    frequent = _frequent_types(parts)
    figure = Figure(figsize=(11, 4 + max(0, len(frequent) - 12) * 0.12), layout="constrained")
    FigureCanvasAgg(figure)
    left, right = figure.subplots(1, 2)
    _draw_lengths(left, parts)
    _draw_types(right, parts, frequent)
    content = io.BytesIO()
    figure.savefig(content, format="png", dpi=110)
    write_bytes(file, content.getvalue())


def _draw_lengths(axes: Axes, parts: Mapping[str, Statistics]) -> None:
    # Up to the 99.9th percentile: one monster would press all others into one bar.
    end = max((statistics.lengths.percentile(99.9) for statistics in parts.values()), default=0) + 1
    width = max(1, -(-end // BARS))
    for colour, (part, statistics) in zip(COLOURS, parts.items()):
        shares = _bars(statistics.lengths, width, end)
        places = [number * width for number in range(len(shares) + 1)]
        axes.stairs(shares, places, color=colour, label=f"{part} ({statistics.lengths.total:,})", linewidth=1.5)
    axes.set(xlabel="characters in a text", ylabel="share of the texts, %", title="Lengths", xlim=(0, None))
    axes.legend(frameon=False)


def _bars(lengths: Histogram, width: int, end: int) -> list[float]:
    bars = [0.0] * -(-end // width)
    for length, count in lengths.counts.items():
        bars[min(length // width, len(bars) - 1)] += 100 * count / lengths.total
    return bars


def _frequent_types(parts: Mapping[str, Statistics]) -> list[str]:
    totals: dict[str, int] = {}
    for statistics in parts.values():
        for name, lengths in statistics.spans.items():
            totals[name] = totals.get(name, 0) + lengths.total
    return sorted(totals, key=lambda name: (-totals[name], name))[:TYPES]


def _draw_types(axes: Axes, parts: Mapping[str, Statistics], types: list[str]) -> None:
    family, written = labels(types)
    height = 0.8 / max(len(parts), 1)
    for number, (colour, (part, statistics)) in enumerate(zip(COLOURS, parts.items())):
        total = max(sum(lengths.total for lengths in statistics.spans.values()), 1)
        shares = [100 * _count(statistics, name) / total for name in types]
        axes.barh([place + number * height for place in range(len(types))], shares, height, color=colour, label=part)
    middle = height * (len(parts) - 1) / 2
    names: list[Any] = [_shortened(written[name]) for name in types]
    axes.set_yticks([place + middle for place in range(len(types))], names, fontfamily=family, parse_math=False)
    axes.invert_yaxis()
    axes.set(xlabel="share of the spans, %", title="Spans by type")
    if types:
        axes.legend(frameon=False)


def _count(statistics: Statistics, name: str) -> int:
    return statistics.spans[name].total if name in statistics.spans else 0


def _shortened(name: str) -> str:
    return name if len(name) <= 24 else name[:23] + "…"
