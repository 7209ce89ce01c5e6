"""What answers are worth: figures against scikit-learn, what is left out, the report."""

from __future__ import annotations

from typing import Any

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as sklearn

from tengjia.base_tasks.text_classification.answers import Classification
from tengjia.base_tasks.text_classification.outcome import Outcome, make_outcome
from tengjia.data.example import Example
from tengjia.reports.head import ReportHead

from .support import make_encoding

NAMES = ("a", "b", "c")


def answered(names: tuple[str, ...], row: tuple[float, ...], **more: Any) -> Classification:
    return Classification(names, NAMES, numpy.array(row, numpy.float32), **more)


def outcome_of(pairs: list[tuple[str, int]], **values: Any) -> Outcome:
    """Gold class and the number of the answered one."""
    rows = numpy.full((len(pairs), 3), 0.1)
    rows[numpy.arange(len(pairs)), [number for _, number in pairs]] = 0.8
    examples = [Example(f"text {n}", file="f.tsv", line=n, label=gold) for n, (gold, _) in enumerate(pairs, 1)]
    answers = [answered((NAMES[number],), tuple(row)) for (_, number), row in zip(pairs, rows)]
    return Outcome(examples, [(gold,) for gold, _ in pairs], answers, NAMES, samples=200, **values)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.sampled_from(NAMES), st.integers(0, 2)), min_size=1, max_size=25))
def test_figures_equal_scikit_learn(pairs):
    outcome = outcome_of(pairs)
    flat = outcome.flat()
    gold, found = [g for g, _ in pairs], [NAMES[number] for _, number in pairs]
    present = sorted({*gold, *found})
    for name, average in (("", "macro"), ("_weighted", "weighted"), ("_micro", "micro")):
        expected = sklearn.f1_score(gold, found, labels=present, average=average, zero_division=0)
        assert flat[f"classification_f1{name}"] == pytest.approx(expected)
    assert flat["accuracy"] == pytest.approx(sklearn.accuracy_score(gold, found))
    for name in ("accuracy", "classification_f1"):
        assert 0 <= flat[f"{name}_low"] <= flat[f"{name}_high"] <= 1
    assert outcome.confusion[:3, :3].tolist() == sklearn.confusion_matrix(gold, found, labels=NAMES).tolist()
    assert flat["texts"] == len(pairs) and flat["unlabelled"] == 0


def test_intervals_are_those_of_a_bootstrap_over_texts():
    outcome = outcome_of([("a", 0)] * 70 + [("a", 1)] * 30, seed=3)
    draws = numpy.random.default_rng(0).binomial(100, 0.7, 20000) / 100
    low, high = numpy.quantile(draws, [0.025, 0.975])
    interval = outcome.intervals.overall["accuracy"]
    assert interval.value == pytest.approx(0.7)
    assert interval.low == pytest.approx(low, abs=0.03) and interval.high == pytest.approx(high, abs=0.03)
    assert outcome_of([("a", 0)] * 5, seed=3).intervals.overall["accuracy"] == (1.0, 1.0, 1.0)


def test_texts_of_the_training_part_are_told_apart():
    pairs = [("a", 0), ("b", 0), ("c", 2), ("a", 0)]
    flat = outcome_of(pairs, known={"text 1", "text 4"}).flat()
    assert flat["accuracy"] == 0.75 and flat["accuracy_unseen"] == 0.5 and flat["texts_unseen"] == 2
    assert "accuracy_unseen" not in outcome_of(pairs).flat()


def test_a_class_that_was_never_learnt_counts_as_an_error():
    flat = outcome_of([("a", 0), ("new", 0)]).flat()
    assert flat["accuracy"] == 0.5 and flat["classification_recall/new"] == 0.0 and flat["gold/new"] == 1
    assert flat["classification_precision/a"] == 0.5


def test_what_is_outside():
    outcome = outcome_of([("a", 0), ("c", 2), ("c", 1), ("b", 2), ("b", 1)], outside="c")
    flat = outcome.flat()
    assert flat["accuracy_inside"] == pytest.approx(2 / 3)
    assert flat["outside_recall"] == 0.5 and flat["outside_precision"] == 0.5


def test_several_classes():
    answers = [answered(("a", "b"), (0.9, 0.6, 0.1), multiple=True), answered((), (0.2, 0.1, 0.3), multiple=True)]
    examples = [Example("x", label="a|b"), Example("y", label="c")]
    outcome = Outcome(examples, [("a", "b"), ("c",)], answers, NAMES, multiple=True, samples=50)
    flat = outcome.flat()
    assert outcome.measure == "micro_f1" and flat["accuracy"] == 0.5
    assert flat["classification_f1_micro"] == pytest.approx(2 * 2 / 5)
    assert outcome.surety.tolist() == pytest.approx([0.9 * 0.6 * 0.9, 0.8 * 0.9 * 0.7])
    assert outcome.difference(outcome, samples=20).value == 0


def test_the_surest_errors_come_first():
    examples = [Example(f"t{n}", label="a") for n in range(3)]
    rows = [(0.3, 0.4, 0.3), (0.0, 1.0, 0.0), (0.9, 0.1, 0.0)]
    answers = [answered(("b",), rows[0]), answered(("b",), rows[1]), answered(("a",), rows[2])]
    outcome = Outcome(examples, [("a",)] * 3, answers, NAMES, samples=10)
    assert outcome.worst(9) == [1, 0] and outcome.worst(1) == [1] and outcome.worst(0) == []
    assert outcome.flat()["calibration_error"] == pytest.approx((0.4 + 1.0 + 0.1) / 3, abs=1e-6)


def test_two_models_are_compared_by_accuracy():
    better = outcome_of([("a", 0)] * 40 + [("b", 1)] * 40, seed=1)
    worse = outcome_of([("a", 0)] * 40 + [("b", 0)] * 40, seed=1)
    difference = better.difference(worse, samples=200)
    assert better.measure == "accuracy" and difference.value == 0.5 and difference.p < 0.01


class Answering:
    """A pipeline, as far as an outcome asks it."""

    encoding = make_encoding(NAMES)
    labels = NAMES


def test_spellings_are_one_and_texts_without_a_label_are_left_out():
    examples = [Example("x", label=" ａ "), Example("y"), Example("z", label="b")]
    answers = [answered(("a",), (0.8, 0.1, 0.1))] * 3
    options: dict[str, Any] = {"seed": 1, "samples": 10, "level": 0.95}
    outcome = make_outcome(examples, answers, Answering(), training=[Example("z")], **options)
    flat = outcome.flat()
    assert flat["accuracy"] == 0.5 and flat["texts"] == 2 and flat["unlabelled"] == 1 and flat["texts_unseen"] == 1


def test_answers_of_models_that_learnt_other_classes_are_one_outcome():
    examples = [Example("x", label="a"), Example("y", label="new")]
    other = Classification(("new",), ("a", "new"), numpy.array([0.3, 0.7], numpy.float32))
    options: dict[str, Any] = {"training": None, "seed": 1, "samples": 10, "level": 0.95}
    outcome = make_outcome(examples, [answered(("a",), (0.8, 0.1, 0.1)), other], Answering(), **options)
    assert outcome.classes == ("a", "b", "c", "new") and outcome.flat()["accuracy"] == 1.0
    assert outcome.probabilities.tolist() == [pytest.approx([0.8, 0.1, 0.1, 0]), pytest.approx([0.3, 0, 0, 0.7])]


def test_no_text_at_all():
    outcome = make_outcome([], [], Answering(), training=None, seed=1, samples=10, level=0.95)
    assert outcome.flat()["accuracy"] == 0.0 and "accuracy" in outcome.terminal_table()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_report(language, tmp_path, monkeypatch):
    monkeypatch.setenv("TENGJIA_LANG", language)
    outcome = outcome_of([("a", 0), ("<b>", 0), ("b", 1), ("c", 1)] * 3, known={"text 1"}, outside="c")
    head = ReportHead("r", "shop · reviews · test", "text_cnn", 3, notes=["mind <this>"])
    file = outcome.write_report(tmp_path / "report.html", head)
    page = file.read_text("utf-8")
    words = {
        "en": (
            "Scores by class",
            "Most confused pairs",
            "expected calibration error",
            "The surest errors",
            "recall of c",
        ),
        "zh": ("各类别得分", "最易混淆的类别对", "期望校准误差", "最有把握的错误", "c 的召回率"),
    }[language]
    assert (
        all(word in page for word in words)
        and "&lt;b&gt;" in page
        and "<b>c" not in page
        and "mind &lt;this&gt;" in page
    )
    assert page.count('class="place"') == 3 and "f.tsv:2" in page
    table = outcome.terminal_table()
    assert "50.00" in table and ("macro F1" in table or "宏平均" in table)


def test_many_classes_stay_readable(tmp_path):
    names = tuple(f"class {number}" for number in range(150))
    examples = [Example(f"t{n}", label=name) for n, name in enumerate(names)]
    row = numpy.full(150, 1 / 150, numpy.float32)
    answers = [Classification((names[(n * 7) % 150],), names, row) for n in range(150)]
    outcome = Outcome(examples, [(name,) for name in names], answers, names, samples=20)
    page = outcome.write_report(tmp_path / "r.html", ReportHead("r", "p", "m", 5)).read_text("utf-8")
    assert len(page) < 400_000
