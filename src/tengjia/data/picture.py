"""The picture of a corpus: how long its texts are, how many spans of each type and texts of each class it has."""

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
NAMES: Final = 30
"""Types or classes that are drawn, the most frequent first; the JSON report has all."""

Counts = Mapping[str, Mapping[str, int]]
"""Part -> name -> how many."""


def draw(parts: Mapping[str, Statistics], file: Path) -> None:
    """Draw the lengths and labels of each part to a PNG file."""
    # A figure of its own: no window system, no state shared with the user's own pictures.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    spans = {part: {name: one.total for name, one in found.spans.items()} for part, found in parts.items()}
    classes = {part: dict(found.classes) for part, found in parts.items()}
    bars = [(title, counts) for title, counts in (("Spans by type", spans), ("Texts by class", classes))]
    bars = [(title, counts) for title, counts in bars if any(counts.values())]
    most = max((len(_frequent(counts)) for _, counts in bars), default=0)
    figure = Figure(figsize=(5.5 * (1 + len(bars)), 4 + max(0, most - 12) * 0.12), layout="constrained")
    FigureCanvasAgg(figure)
    first, *others = figure.subplots(1, 1 + len(bars), squeeze=False)[0]
    _draw_lengths(first, parts)
    for axes, (title, counts) in zip(others, bars):
        _draw_counts(axes, counts, title)
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


def _frequent(counts: Counts) -> list[str]:
    totals: dict[str, int] = {}
    for part in counts.values():
        for name, count in part.items():
            totals[name] = totals.get(name, 0) + count
    return sorted(totals, key=lambda name: (-totals[name], name))[:NAMES]


def _draw_counts(axes: Axes, counts: Counts, title: str) -> None:
    names = _frequent(counts)
    family, written = labels(names)
    height = 0.8 / len(counts)
    for number, (colour, (part, found)) in enumerate(zip(COLOURS, counts.items())):
        total = max(sum(found.values()), 1)
        shares = [100 * found.get(name, 0) / total for name in names]
        axes.barh([place + number * height for place in range(len(names))], shares, height, color=colour, label=part)
    middle = height * (len(counts) - 1) / 2
    shown: list[Any] = [_shortened(written[name]) for name in names]
    axes.set_yticks([place + middle for place in range(len(names))], shown, fontfamily=family, parse_math=False)
    axes.invert_yaxis()
    axes.set(xlabel="share, %", title=title)
    axes.legend(frameon=False)


def _shortened(name: str) -> str:
    return name if len(name) <= 24 else name[:23] + "…"
