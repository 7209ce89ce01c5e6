"""The curves of a run: `reports/curves.png`, and `reports/curves.html` with the same in one self-contained page.

write(run)
"""

from __future__ import annotations

import math
import time
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tengjia.reports.charts import Points, line_chart
from tengjia.reports.page import Page
from tengjia.reports.words import word
from tengjia.utilities.files import read_json, written_atomically

if TYPE_CHECKING:
    from tengjia.runs import RunFolder

_CONTEXT: Final = frozenset({"time", "step", "part", "epoch"})
_LOSSES: Final = ("loss", "training_loss", "evaluation_loss")
_MOST_POINTS: Final = 400
_PALETTE: Final = ("#2f6f5e", "#c26a3a", "#4a67a8", "#a34d7c", "#8a7a26", "#4f8fa3")

Panels = dict[str, dict[str, Points]]
"""What a picture is of (`loss`, `score`, ...) -> name of a line -> its points."""


def write(run: RunFolder, falling: Collection[str] = ()) -> list[Path]:
    """Draw what the run has measured so far.

    Args:
        run: Whose measurements; the files go to its reports.
        falling: Metrics of which less is better (errors): each has a picture of its own.

    Returns:
        The files; none when nothing was measured yet.
    """
    panels = panels_of(list(run.metrics()), apart=_averages_examples(run), falling=falling)
    if not panels:
        return []
    return [write_picture(panels, run.reports / "curves.png", run.id), write_page(panels, run, falling)]


def _averages_examples(run: RunFolder) -> bool:
    """Whether training averages its loss over examples: an evaluation averages over units."""
    file = run.path / "config.json"
    config = read_json(file).get("config", {}) if file.is_file() else {}
    return bool((config.get("trainer") or {}).get("average") == "examples")


def panels_of(
    measurements: Sequence[Mapping[str, Any]], *, apart: bool = False, falling: Collection[str] = ()
) -> Panels:
    """Sort measurements into pictures: losses, scores, and every other quantity by itself.

    Args:
        measurements: As `RunFolder.metrics` gives them; scores of single types (`entity_f1/NAME`) are left out.
        apart: Whether losses of training and of evaluations are of different scales, and need a picture each.
        falling: Metrics that need a picture each, as they are on scales of their own.
    """
    lines: dict[str, dict[str, list[tuple[float, float]]]] = {}
    for point in measurements:
        part = str(point.get("part", ""))
        for name, value in point.items():
            if name in _CONTEXT or "/" in name or isinstance(value, bool) or not isinstance(value, int | float):
                continue
            if math.isfinite(value):
                panel = name if name in falling else _panel(name, part, apart)
                label = f"{part} {name}".strip() if panel in _LOSSES else name
                lines.setdefault(panel, {}).setdefault(label, []).append((float(point["step"]), float(value)))
    order = sorted(lines, key=lambda panel: (panel not in _LOSSES, panel != "training_loss", panel != "score", panel))
    return {panel: {name: _thinned(points) for name, points in sorted(lines[panel].items())} for panel in order}


def _panel(name: str, part: str, apart: bool) -> str:
    if name == "loss" or name.endswith("_loss"):
        return "loss" if not apart else "training_loss" if part in {"", "train"} else "evaluation_loss"
    return "score" if part not in {"", "train"} else name


def _thinned(points: Sequence[tuple[float, float]]) -> Points:
    """At most `_MOST_POINTS` points; each is the mean of its neighbours, so that no peak is chosen over another."""
    every = math.ceil(len(points) / _MOST_POINTS)
    groups = [points[first : first + every] for first in range(0, len(points), every)]
    return [(sum(x for x, _ in group) / len(group), sum(y for _, y in group) / len(group)) for group in groups]


def write_page(panels: Panels, run: RunFolder, falling: Collection[str] = ()) -> Path:
    """The curves as a page."""
    about = run.about()
    page = Page(
        word("curves_title"),
        eyebrow=f"{about.get('app', '')} · {about.get('task', '')} · {run.id}",
        lead=word("curves_lead", time=time.strftime("%Y-%m-%d %H:%M")),
    )
    for panel, lines in panels.items():
        title = _title(panel)
        best = _best(lines, falling) if panel == "score" or panel in falling else ""
        page.section(title, best, line_chart(lines, x_name=word("step"), label=title))
    return page.write(run.reports / "curves.html")


def _title(panel: str) -> str:
    named = {*_LOSSES, "score", "learning_rate", "gradient_norm"}
    return word(f"panel_{panel}") if panel in named else panel


def _best(lines: Mapping[str, Points], falling: Collection[str]) -> str:
    found = []
    for name, points in lines.items():
        x, y = (min if name in falling else max)(points, key=lambda point: point[1])
        found.append(word("least_at" if name in falling else "best_at", name=name, value=f"{y:.4f}", step=f"{x:.0f}"))
    return " · ".join(found)


def write_picture(panels: Panels, file: Path, title: str) -> Path:
    """The curves as a PNG, drawn without a display; its words are English, as fonts for others may be missing."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    columns = min(2, len(panels))
    rows = math.ceil(len(panels) / columns)
    figure = Figure(figsize=(6.4 * columns, 3.6 * rows), layout="constrained")
    FigureCanvasAgg(figure)
    for number, (panel, lines) in enumerate(panels.items(), 1):
        axes = figure.add_subplot(rows, columns, number)
        for index, (name, points) in enumerate(lines.items()):
            marker = "o" if len(points) <= 40 else None
            colour = _PALETTE[index % len(_PALETTE)]
            axes.plot(*zip(*points), label=name, color=colour, linewidth=1.6, marker=marker, markersize=3)
        axes.set_title(panel.replace("_", " "), loc="left", fontsize=11)
        axes.set_xlabel("step", fontsize=9)
        axes.grid(color="#e4e1d9", linewidth=0.8)
        axes.spines[["top", "right"]].set_visible(False)
        axes.tick_params(labelsize=8)
        if len(lines) > 1 or panel == "score":
            axes.legend(fontsize=8, frameon=False)
    figure.suptitle(_latin(title), fontsize=9, color="#5d666f", x=0.99, ha="right")
    with written_atomically(file) as stream:
        figure.savefig(stream, format="png", dpi=130)
    return file


def _latin(text: str) -> str:
    return text.encode("ascii", "replace").decode("ascii")
