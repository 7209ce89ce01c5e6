"""The table in a terminal, as flat names and as a page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tengjia.distillation.comparison import Comparison, Measured
from tengjia.distillation.report import write_report
from tengjia.metrics.resampling import Difference

ROWS = (
    Measured("teacher", "bert_classifier", 22_700_000, 91 << 20, 400.0, 6.5, 0.9533, 0.9532),
    Measured("alone", "bilstm_attention", 750_000, 3 << 20, 9000.0, 0.9, 0.86, 0.8577),
    Measured("distilled", "bilstm_attention", 750_000, 3 << 20, 9000.0, 0.9, 0.9, 0.899),
)


def comparison(gain: Difference | None) -> Comparison:
    return Comparison("test", 4500, ROWS, gain, "accuracy")


@pytest.mark.parametrize(
    ("gain", "words"),
    [
        (Difference(0.04, 0.03, 0.05, 0.001), "The teacher helped: accuracy +4.00 points, 95% interval [+3.00, +5.00]"),
        (Difference(-0.04, -0.05, -0.03, 0.001), "The teacher did harm: accuracy -4.00 points"),
        (Difference(0.01, -0.01, 0.03, 0.2), "cannot tell whether the teacher helped"),
    ],
)
def test_the_verdict(gain: Difference, words: str) -> None:
    found = comparison(gain)
    assert words in found.verdict() and found.terminal_table().endswith(found.verdict())


def test_the_table() -> None:
    lines = comparison(None).terminal_table().splitlines()
    assert re.split(r"\s{2,}", lines[2]) == [
        *("teacher", "bert_classifier", "22,700,000", "91.0 MiB", "400", "6.50 ms", "95.33", "95.32")
    ]
    assert len(lines) == 5, "no verdict where nothing is compared"


def test_flat_names() -> None:
    flat = comparison(Difference(0.04, 0.03, 0.05, 0.001)).flat()
    assert flat["teacher/parameters"] == 22_700_000 and flat["distilled/accuracy"] == 0.9
    assert flat["gain_value"] == 0.04 and flat["part"] == "test" and flat["texts"] == 4500


@pytest.mark.parametrize(("language", "words"), [("en", "distilled student"), ("zh", "蒸馏学生")])
def test_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str, words: str) -> None:
    monkeypatch.setenv("TENGJIA_LANG", language)
    file = write_report(tmp_path / "page.html", comparison(None), place="demo_app · <b>", run="run-1")
    page = file.read_text("utf-8")
    assert words in page and "<svg" in page and "&lt;b&gt;" in page
    places = [float(x) for x in re.findall(r'<circle cx="([\d.]+)"', page)]
    assert len(places) == 3 and places[0] < places[1] == places[2], "the quicker, the further right"
