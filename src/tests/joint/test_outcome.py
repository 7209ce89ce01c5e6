"""What answers are worth: slots, intents, whole texts, texts outside."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from src.tests.joint.support import make_encoding
from tengjia.base_tasks.joint_intent_slot.answers import Understanding
from tengjia.base_tasks.joint_intent_slot.outcome import Outcome, make_outcome
from tengjia.base_tasks.sequence_labeling.entities import Entity
from tengjia.data.example import Example, Span
from tengjia.reports.head import ReportHead

ROWS = [
    # text, gold intent, gold slots, found intent, found slots
    ("找北京的会计", "search", [(1, 3, "city"), (4, 6, "post")], "search", [(1, 3, "city"), (4, 6, "post")]),
    ("给北京会计投", "apply", [(1, 3, "city")], "search", [(1, 3, "city")]),
    ("讲笑话", "outside", [], "outside", []),
    ("天气怎么样", "outside", [], "search", [(0, 2, "city")]),
    ("上海", "search", [(0, 2, "city")], None, []),
    ("新的", "never learnt", [], "apply", []),
]


def outcome(rows: list[Any] = ROWS, **options: Any) -> Outcome:
    examples = [
        Example(text, tuple(Span(*span) for span in slots), "f", n, label=gold)
        for n, (text, gold, slots, _, _) in enumerate(rows, 1)
    ]
    answers = [
        Understanding(intent, 0.5, [Entity(text[a:b], kind, a, b, 0.9) for a, b, kind in found])
        for text, _, _, intent, found in rows
    ]
    encoding = make_encoding(outside="outside")
    pipeline = SimpleNamespace(
        encoding=encoding, labels=encoding.classes.names, options=SimpleNamespace(least_score=0.25)
    )
    values = {"training": None, "seed": 1, "samples": 50, "level": 0.95, **options}
    return make_outcome(examples, answers, pipeline, **values)


def test_the_figures():
    flat = outcome().flat()
    assert flat["slot_f1"] == pytest.approx(2 * 3 / (4 + 4)) and flat["slot_recall"] == pytest.approx(3 / 4)
    assert flat["intent_accuracy"] == pytest.approx(2 / 6) and flat["sentence_accuracy"] == pytest.approx(2 / 6)
    assert flat["intent_accuracy_inside"] == pytest.approx(1 / 4)
    assert (flat["outside_recall"], flat["outside_precision"]) == (pytest.approx(1 / 2), pytest.approx(1))
    assert flat["slot_f1/city"] == pytest.approx(4 / 6) and flat["slot_f1/post"] == 1.0
    assert flat["intent_recall/search"] == pytest.approx(1 / 2) and flat["intent_f1/never learnt"] == 0.0
    assert flat["slot_f1_low"] <= flat["slot_f1"] <= flat["slot_f1_high"]
    assert (flat["texts"], flat["unlabelled"], flat["least_score"]) == (6, 0, 0.25)


def test_a_text_is_right_when_all_of_it_is():
    rows = [("找北京", "search", [(1, 3, "city")], "search", [(1, 3, "post")]), ("上海", "search", [], "search", [])]
    assert outcome(rows).flat()["sentence_accuracy"] == 0.5 and outcome(rows).flat()["intent_accuracy"] == 1.0


def test_texts_without_intent_are_left_out():
    rows = [*ROWS, ("上海", None, [(0, 2, "city")], "search", [])]
    assert outcome(rows).flat() == {**outcome().flat(), "unlabelled": 1.0}


def test_no_texts_at_all():
    flat = outcome([]).flat()
    assert flat["slot_f1"] == flat["intent_accuracy"] == 0.0


def test_worst_and_difference():
    tested = outcome()
    assert tested.worst(9)[0] == 3 and set(tested.worst(9)) == {1, 3, 4, 5} and tested.worst(1) == [3]
    better = outcome([(text, gold, slots, gold, slots) for text, gold, slots, _, _ in ROWS])
    difference = better.difference(tested, samples=200)
    assert difference.value == pytest.approx(4 / 6) and tested.difference(tested, samples=50).value == 0.0


@pytest.mark.parametrize("language", ["en", "zh"])
def test_report_and_table(tmp_path: Path, language: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TENGJIA_LANG", language)
    tested = outcome([*ROWS, ("<script>北京</script>", "search", [(8, 10, "city")], "<b>", [])])
    table = tested.terminal_table()
    assert all(name in table for name in ("city", "search", "never learnt"))
    comparison = ("other", tested.difference(tested, samples=20))
    about = ReportHead("r", "p", "bilstm_joint", 5, comparison, ["note <x>"])
    page = tested.write_report(tmp_path / "r.html", about).read_text("utf-8")
    assert "<script>北京" not in page and "&lt;script&gt;" in page and "note &lt;x&gt;" in page
    assert (
        "0.2500" in page
        and "outside" in page
        and "http" not in page.replace("http-equiv", "").replace("http://www.w3.org", "")
    )
