"""Pages need no network, run nothing, and show every text as text."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tengjia.reports.axes import number, ticks
from tengjia.reports.charts import heat_cell, interval_bar, line_chart
from tengjia.reports.page import Page, element, html_table


class Elements(HTMLParser):
    """Collects what a browser would see."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.words += data


HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=y>${title}&amp;</style>"


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    page = Page(HOSTILE, eyebrow=HOSTILE, lead=HOSTILE)
    chart = line_chart({HOSTILE: [(0, 1), (1, 2)]}, x_name=HOSTILE, label=HOSTILE)
    page.section(HOSTILE, HOSTILE, html_table([HOSTILE], [[HOSTILE]]), element("mark", HOSTILE, title=HOSTILE), chart)
    file = page.write(tmp_path / "page.html")
    seen = Elements(file.read_text("utf-8"))
    assert {"script", "img", "iframe", "link", "object"}.isdisjoint(seen.names)
    assert not [name for name, _ in seen.attributes if name.startswith("on") or name in {"src", "href"}]
    assert seen.words.count(HOSTILE) >= 9
    assert any(
        name == "content" and value and value.startswith("default-src 'none'") for name, value in seen.attributes
    )
    assert "http://" not in file.read_text("utf-8") and "https://" not in file.read_text("utf-8")


def test_a_page_speaks_the_users_language(monkeypatch: pytest.MonkeyPatch) -> None:
    assert '<html lang="en">' in Page("x").render()
    monkeypatch.setenv("TENGJIA_LANG", "zh")
    assert '<html lang="zh-CN">' in Page("x").render()
    assert "无需联网" in Page("x").render()


@given(st.floats(-1e9, 1e9), st.floats(1e-6, 1e9), st.integers(1, 12))
def test_ticks_are_round_and_inside(low: float, size: float, count: int) -> None:
    high = low + size
    found = ticks(low, high, count)
    assert len(found) <= 2.6 * count + 2
    slack = 1e-6 * max(abs(low), abs(high), size)
    assert all(low - slack <= value <= high + slack for value in found)


def test_labels_are_short() -> None:
    assert [number(value) for value in (0, 0.5, 1e-5, 123456.0, 1000, 0.12345)] == [
        "0",
        "0.5",
        "1e-05",
        "1.23e+05",
        "1000",
        "0.1235",
    ]


def test_charts_survive_odd_values() -> None:
    assert line_chart({"a": []}, x_name="x", label="l") == ""
    assert line_chart({"a": [(0, float("nan"))]}, x_name="x", label="l") == ""
    one = line_chart({"a": [(5, 0.0)], "b": [(5, float("inf")), (6, 1.0)]}, x_name="x", label="l")
    assert "nan" not in one and "inf" not in one
    assert "nan" not in interval_bar(0.0, 0.0, 0.0)
    assert "·" in heat_cell(0, 0)
    assert ">7</td>" in heat_cell(7, 9)
