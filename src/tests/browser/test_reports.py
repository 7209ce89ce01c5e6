"""The pages of reports as a person sees them: quiet, alone on the disk, readable on a desk and on a phone."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy
import pytest

from tengjia.base_tasks.sequence_labeling.entities import Entity
from tengjia.base_tasks.sequence_labeling.error_report import write_report
from tengjia.base_tasks.sequence_labeling.outcome import Outcome
from tengjia.data.example import Example, Span
from tengjia.metrics.calibration import Bin
from tengjia.metrics.resampling import Difference, Interval
from tengjia.reports import curves, parts
from tengjia.reports.head import ReportHead
from tengjia.reports.page import Page, element
from tengjia.reports.plots import histogram, reliability_plot, scatter_plot
from tengjia.runs import RunFolder

from .conftest import WIDTHS, Opened

Open = Callable[..., Opened]
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]
TYPES = ("NAME", "ORG", "TITLE", "一个名字很长的实体类型", "averylongnameofatypethatbreaksnowhere", "<b>LOC</b>")
TEXT = "云山大学林清远任董事长兼总经理，工号https://example.invalid/一二三四五六七八九十<script>alert(1)</script>。"


def outcome() -> Outcome:
    """Sixty texts with one entity each, of which every third is found wrongly."""
    chance = random.Random(1)
    examples, answers = [], []
    for number in range(60):
        start, kind = chance.randrange(20), TYPES[number % len(TYPES)]
        end = start + 1 + number % 12
        examples.append(Example(TEXT, (Span(start, end, kind),), "很长的文件夹/test.txt", number + 1))
        found = kind if number % 3 else TYPES[(number + 1) % len(TYPES)]
        answers.append([Entity(TEXT[start:end], found, start, end, 0.9)])
    return Outcome(examples, answers, TYPES, {"云山大学": {"ORG"}})


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    comparison = "other-run", Difference(0.02, 0.01, 0.03, 0.01)
    file = tmp_path_factory.mktemp("report") / "test_report.html"
    place = "demo_app · ner · test"
    head = ReportHead("20260101-seed1", place, "bilstm_crf", 10, comparison, ["Another corpus."])
    return write_report(file, outcome(), head)


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    run = RunFolder.create(tmp_path_factory.mktemp("curves"), seed=1, app="demo_app", task="ner", name="a-run")
    run.write("config", {"config": {"trainer": {"average": "examples"}}})
    for step in range(10, 401, 10):
        values = {"loss": 40 / step, "learning_rate": 0.002 / step, "gradient_norm": 100000 / step}
        run.log_metrics(step, values, part="train", epoch=step // 100)
    for step in (100, 200, 300, 400):
        scores = {"loss": 0.1, "entity_f1": step / 500, "entity_precision": 0.7, "entity_f1/NAME": 0.3}
        run.log_metrics(step, scores, part="development", epoch=step // 100)
    return curves.write(run)[1]


@pytest.fixture(scope="module")
def pieces(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page of all that the reports of base tasks are made of, with names that are hard to place."""
    chance, page = random.Random(2), Page("Pieces", eyebrow="demo_app", lead="All of them")
    interval = Interval(0.87654, 0.81, 0.93)
    parts.add_notes(page, ["A note.", element("p", "A note that is ready.")])
    page.add(parts.tiles(*(parts.interval_tile(name, interval) for name in ("accuracy", TYPES[4], TYPES[3]))))
    page.section(
        "Measures", "", parts.measures_table({"accuracy": interval, "RMSE": interval}, {"RMSE": parts.decimals})
    )
    points = [(chance.randrange(6), chance.random() * 5) for _ in range(200)]
    page.section("Scatter", "", scatter_plot(points, x_name="gold score", y_name="answered score", label="Scores"))
    spread = {"right": [chance.random() for _ in range(200)], TYPES[4]: [chance.random() for _ in range(50)]}
    page.section(
        "Histogram", "", histogram(spread, x_name="confidence", y_name="answers", label="Spread", reach=(0, 1))
    )
    bins = [Bin(place / 10, place / 10 + 0.1, 1 + 9 * place, place / 10 + 0.05, chance.random()) for place in range(10)]
    page.section("Reliability", "", reliability_plot(bins, x_name="confidence", y_name="right", label="Reliability"))
    matrix = numpy.random.default_rng(3).integers(0, 40, (40, 40))
    names = [TYPES[number % len(TYPES)] + str(number) for number in range(40)]
    page.section("Confusion", "", parts.confusion_table(matrix, names), parts.most_confused(matrix, names))
    page.add(parts.example_card(f"{TYPES[3]}/test.txt:7", [(TYPES[3], TEXT), ("found", parts.clipped(TEXT * 30))]))
    return page.write(tmp_path_factory.mktemp("pieces") / "pieces.html")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("page", ["report", "drawn", "pieces"])
def test_pages_are_quiet_and_fit(open_page: Open, request: Any, page: str, width: str, scheme: str) -> None:
    opened = open_page(request.getfixturevalue(page), width, scheme)
    assert opened.complaints == [] and opened.requests == []
    root = opened.page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert root == [WIDTHS[width], WIDTHS[width]]
    assert opened.page.evaluate("document.scripts.length") == 0
    outside = opened.page.evaluate(
        """() => [...document.querySelectorAll('h1, h2, p, .card, .tile, .legend, svg, .said')].filter(element => {
            const box = element.getBoundingClientRect();
            return !element.closest('td') && (box.left < 0 || box.right > innerWidth + 0.5);
        }).map(element => element.outerHTML.slice(0, 80))"""
    )
    assert outside == []


def test_the_table_of_types_holds_the_scores(open_page: Open, report: Path) -> None:
    opened, expected = open_page(report), outcome()
    shown = opened.page.evaluate(
        """() => [...document.querySelector('table').tBodies[0].rows]
            .map(row => [...row.cells].map(cell => cell.innerText))"""
    )
    assert [row[0] for row in shown] == [*TYPES, "all"]
    for cells, row in zip(shown, expected.rows, strict=True):
        parts = (row.precision, row.recall, row.f1)
        figures = [f"{100 * value.value:.2f} {100 * value.low:.2f}–{100 * value.high:.2f}" for value in parts]
        assert cells[1:4] == figures and cells[5:] == [str(row.gold), str(row.predicted)]
    flat = expected.flat()
    tiles = opened.page.evaluate("() => [...document.querySelectorAll('.tile b')].map(tile => tile.innerText)")
    wanted = [flat[f"entity_{name}"] for name in ("f1", "precision", "recall")] + [flat["right_texts"]]
    assert tiles == [f"{100 * value:.2f}" for value in wanted]
    assert opened.page.inner_text(".warning") == "Another corpus."
    assert "Significantly better than other-run" in opened.page.inner_text(".verdict")


def test_what_is_wrong_is_framed_and_texts_stay_texts(open_page: Open, report: Path) -> None:
    page = open_page(report).page
    first = page.evaluate("() => [...document.querySelectorAll('.said')].slice(0, 2).map(text => text.innerText)")
    assert all("<script>alert(1)</script>" in text for text in first)  # shown, not run
    frames = page.evaluate("() => [...document.querySelectorAll('mark.wrong')].map(m => getComputedStyle(m).boxShadow)")
    assert len(frames) == 20 and "none" not in frames


def test_names_of_rows_stay_in_sight_on_a_phone(open_page: Open, report: Path) -> None:
    page = open_page(report, "phone").page
    before, after, height, apart, margin = page.evaluate(
        """() => {
            const table = document.querySelector('table'), card = table.parentElement, name = table.rows[1].cells[0];
            const before = name.getBoundingClientRect(), next = name.nextSibling.getBoundingClientRect();
            card.scrollLeft = 150;
            const after = name.getBoundingClientRect();
            const margin = after.left - card.getBoundingClientRect().left;
            return [before.left, after.left, after.height, next.left - before.right, margin];
        }"""
    )
    assert before == pytest.approx(after, abs=1)
    assert height < 60  # a name is not broken letter by letter
    assert apart >= -1 and 0 <= margin <= 2  # it hides nothing at rest, and nothing shows beside it


def test_values_show_where_the_pointer_rests(open_page: Open, drawn: Path) -> None:
    page = open_page(drawn).page
    titles = page.locator("h2").all_inner_texts()
    assert titles[:3] == [
        "Loss in training, mean of examples",
        "Loss on held-out data, mean of characters or words",
        "Scores on held-out data",
    ]
    assert "entity_f1: highest 0.8000 at step 400" in page.inner_text("main")
    halo = page.locator("svg.chart").nth(2).locator(".halo").nth(3)
    halo.scroll_into_view_if_needed()
    box = halo.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    told = page.evaluate("() => [...document.querySelectorAll(':hover')].pop().querySelector('title')?.textContent")
    assert told == "entity_f1 · 400: 0.8"
    assert float(halo.evaluate("circle => getComputedStyle(circle).opacity")) > 0


@pytest.mark.parametrize("charts", ["drawn", "pieces"])
def test_writing_in_charts_is_readable_on_a_phone(open_page: Open, request: Any, charts: str) -> None:
    page = open_page(request.getfixturevalue(charts), "phone").page
    sizes = page.evaluate(
        """() => [...document.querySelectorAll('svg.chart text')].map(text => text.getBoundingClientRect())
            .filter(box => box.height).map(box => [box.left, box.right, box.height])"""
    )
    assert sizes and all(left >= 0 and right <= WIDTHS["phone"] and height >= 8 for left, right, height in sizes)


def test_a_chinese_page_says_so(open_page: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TENGJIA_LANG", "zh")
    file = write_report(tmp_path / "报告.html", outcome(), ReportHead("运行", "应用", "模型", 1))
    opened = open_page(file, "phone")
    assert opened.page.evaluate("document.documentElement.lang") == "zh-CN"
    assert opened.page.title() == "测试报告：运行" and json.dumps(opened.complaints) == "[]"
    assert "各类型得分" in opened.page.inner_text("main")
