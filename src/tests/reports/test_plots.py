"""Pictures of scores and probabilities: what is drawn is what was measured, and nothing odd breaks them."""

from __future__ import annotations

import random
import re
from typing import NamedTuple

import numpy
import pytest

from tengjia.metrics.resampling import Interval
from tengjia.reports import parts
from tengjia.reports.axes import Axes, extent
from tengjia.reports.page import Markup
from tengjia.reports.plots import histogram, reliability_plot, scatter_plot

NAN = float("nan")
WORDS = {"x_name": "gold", "y_name": "answered", "label": "Scores"}
HOSTILE = "<script>alert(1)</script>\"'"


class Bin(NamedTuple):
    answers: int
    confidence: float
    right: float


def numbers(picture: str, attribute: str, class_: str) -> list[float]:
    found = re.findall(rf"<\w+ ([^>]*class=\"{class_}[^>]*)>", picture)
    return [float(re.search(rf'\b{attribute}="([^"]+)"', one)[1]) for one in found]  # type: ignore[index]


def test_points_of_a_scatter_stand_where_their_scores_are() -> None:
    picture = scatter_plot([(0, 0), (1, 1), (0.5, 0.25), (NAN, 1), (1, float("inf"))], **WORDS)
    across, up = numbers(picture, "cx", "point"), numbers(picture, "cy", "point")
    assert len(across) == 3
    assert across[2] == pytest.approx((across[0] + across[1]) / 2, abs=0.2)
    assert up[2] == pytest.approx(up[0] + (up[1] - up[0]) / 4, abs=0.2) and up[1] < up[0]
    assert 'class="equal"' in picture and "gold" in picture and "answered" in picture
    assert 'class="equal"' not in scatter_plot([(0, 5), (1, 9)], **WORDS, equal=False)


def test_many_points_are_thinned() -> None:
    chance = random.Random(3)
    points = [(chance.random(), chance.random()) for _ in range(10_000)]
    assert 1400 <= scatter_plot(points, **WORDS).count("<circle") <= 1500


def test_bars_of_a_histogram_count_every_value_once() -> None:
    chance = random.Random(4)
    series = {"right": [chance.random() for _ in range(300)] + [1.0, 0.0, NAN], "wrong": [0.5] * 9}
    picture = histogram(series, x_name="confidence", y_name="answers", label="l", bins=10, reach=(0.0, 1.0))
    counts = [int(count) for count in re.findall(r": (\d+)</title>", picture)]
    assert sum(counts) == 302 + 9 and 9 in counts
    heights, axes = numbers(picture, "height", "column"), Axes((0.0, 1.0), (0.0, 1.0))
    assert heights == pytest.approx([max(heights) * count / max(counts) for count in counts], abs=0.2)
    assert max(heights) <= axes.height
    assert 'class="legend"' in picture
    assert 'class="legend"' not in histogram({"": [1, 2, 2]}, x_name="x", y_name="y", label="l", bins=2)


def test_stacked_bars_stand_upon_one_another() -> None:
    picture = histogram({"a": [0.5] * 4, "b": [0.5] * 6}, x_name="x", y_name="y", label="l", bins=1, reach=(0, 1))
    (first, second), (low, high) = numbers(picture, "y", "column"), numbers(picture, "height", "column")
    assert second + high == pytest.approx(first, abs=0.2) and high / low == pytest.approx(1.5, abs=0.02)


def test_dots_of_reliable_probabilities_lie_on_the_line() -> None:
    picture = reliability_plot([Bin(10, 0.2, 0.2), Bin(90, 0.9, 0.9), Bin(5, 0.5, 0.1)], **WORDS)
    across, up, sizes = (numbers(picture, name, "point") for name in ("cx", "cy", "r"))
    line = {name: numbers(picture, name, "equal")[0] for name in ("x1", "y1", "x2", "y2")}
    slope = (line["y2"] - line["y1"]) / (line["x2"] - line["x1"])
    for number in (0, 1):
        assert up[number] == pytest.approx(line["y1"] + slope * (across[number] - line["x1"]), abs=0.3)
    assert up[2] > line["y1"] + slope * (across[2] - line["x1"])
    assert sizes[1] == max(sizes) and "0.900 → 0.900 (90)" in picture


@pytest.mark.parametrize(
    "picture",
    [
        scatter_plot([], **WORDS),
        scatter_plot([(NAN, NAN)], **WORDS),
        histogram({"a": [], "b": [NAN]}, x_name="x", y_name="y", label="l"),
        reliability_plot([], **WORDS),
    ],
)
def test_without_values_there_is_no_picture(picture: Markup) -> None:
    assert picture == ""


def test_equal_values_and_hostile_names_are_drawn() -> None:
    pictures = [
        scatter_plot([(2, 2), (2, 2)], x_name=HOSTILE, y_name=HOSTILE, label=HOSTILE),
        histogram({HOSTILE: [0.0, 0.0], "b": [0.0]}, x_name=HOSTILE, y_name=HOSTILE, label=HOSTILE),
        reliability_plot([Bin(1, 1.0, 0.0)], x_name=HOSTILE, y_name=HOSTILE, label=HOSTILE),
    ]
    for picture in pictures:
        assert picture.startswith("<") and "nan" not in picture and "inf" not in picture and "<script" not in picture
    assert extent([3, 3]) == (2.7, 3.3)


def test_a_confusion_shows_the_classes_with_most_errors() -> None:
    matrix = numpy.diag(numpy.arange(40, 80))
    matrix[7, 30] = 9
    matrix[30, 2] = 5
    names = [f"class{number:02d}" for number in range(40)]
    table = parts.confusion_table(matrix, names, most=3)
    assert re.findall(r">(class\d\d)</th>", table) == ["class02", "class07", "class30"]
    assert "37 others are left out" in table
    assert "left out" not in parts.confusion_table(matrix[:3, :3], names[:3])
    pairs = parts.most_confused(matrix, names)
    assert re.findall(r"class\d\d", pairs) == ["class07", "class30", "class30", "class02"]
    assert "9 <small>16.1%</small>" in pairs
    assert parts.most_confused(numpy.eye(3), names[:3]) == "<p>No class was taken for another.</p>"


def test_measures_in_a_table() -> None:
    measures = {"accuracy": Interval(0.9, 0.85, 0.95), "RMSE": Interval(1.25, 1.0, NAN)}
    table = parts.measures_table(measures, {"RMSE": parts.decimals})
    assert "90.00 <small>85.00–95.00</small>" in table and "1.250 <small>1.000––</small>" in table
    assert table.count("<svg") == 1
    assert parts.percent(NAN) == "–" == parts.share(None, 3)
    assert "<svg" not in parts.bar_cell(Interval(NAN, NAN, NAN))


def test_cards_quote_texts() -> None:
    card = parts.example_card("a.txt:3", [("gold", HOSTILE), ("found", Markup("<b>x</b>"))])
    assert "<script" not in card and "<b>x</b>" in card and "a.txt:3" in card
    assert parts.clipped("x" * 700) == "x" * 600 + "…" and parts.clipped("x") == "x"
