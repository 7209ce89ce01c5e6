"""What is told about a corpus: figures against brute force, and a picture without empty boxes."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from pathlib import Path

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tengjia.data.example import Example, Span
from tengjia.data.normalisation import normalised
from tengjia.data.quality import Digests, compare
from tengjia.data.report import report, warnings
from tengjia.data.statistics import Histogram, Statistics, unknown_characters
from tengjia.utilities import fonts

SMALL = {
    "train": [
        Example("任静任经理", (Span(0, 2, "NAME"), Span(3, 5, "TITLE")), "train.txt", 1),
        Example("任静任经理", (Span(0, 2, "NAME"),), "train.txt", 7),
        Example("黄山在安徽", (Span(0, 2, "LOC"), Span(3, 5, "LOC")), "train.txt", 13),
        Example("黄山在安徽", (Span(0, 2, "LOC"), Span(3, 5, "LOC")), "train.txt", 20),
        Example("Ａ公司。", (Span(0, 3, "ORG"),), "train.txt", 26),
    ],
    "development": [Example("黄山姓黄", (Span(0, 2, "NAME"),), "development.txt", 1)],
    "test": [
        Example("a公司", (Span(0, 3, "ORG"),), "test.txt", 1),
        Example("黄山在安徽", (Span(0, 2, "LOC"), Span(3, 5, "LOC")), "test.txt", 5),
        Example("龘", (Span(0, 1, "新类型"),), "test.txt", 11),
    ],
}


@given(st.lists(st.integers(0, 50), min_size=1), st.floats(0.1, 100))
def test_percentiles_are_those_of_numpy(lengths, share):
    histogram = Histogram(Counter(lengths))
    assert histogram.percentile(share) == numpy.percentile(lengths, share, method="inverted_cdf")
    assert histogram.summary()["mean"] == round(sum(lengths) / len(lengths), 2)
    assert (histogram.summary()["minimum"], histogram.summary()["maximum"]) == (min(lengths), max(lengths))


def test_an_empty_part_has_figures_too():
    summary = Statistics().summary()
    assert summary["examples"] == summary["spans"] == summary["length"]["maximum"] == 0
    json.dumps(summary, allow_nan=False)


def test_statistics_of_a_part():
    statistics = Statistics()
    for example in SMALL["train"]:
        statistics.add(example)
    summary = statistics.summary()
    assert (summary["examples"], summary["characters"], summary["spans"]) == (5, 24, 8)
    assert summary["types"]["LOC"]["spans"] == 4
    assert summary["types"]["LOC"]["share"] == 0.5
    assert summary["types"]["ORG"]["length"]["p50"] == 3
    assert summary["characters_outside"] == round(1 - 17 / 24, 4)
    assert summary["examples_without_spans"] == 0


def test_unknown_characters():
    found = unknown_characters({"一": 1}, {"一": 6, "二": 3, "龘": 1})
    assert (found["distinct"], found["occurrences"], found["share"]) == (2, 4, 0.4)
    assert found["frequent"][0] == {"character": "二", "code": "U+4E8C", "count": 3}


texts = st.text(alphabet="aA 一。", min_size=1, max_size=3)
spans = st.sampled_from([(), (Span(0, 1, "X"),), (Span(0, 1, "Y"),)])
parts = st.lists(st.builds(Example, texts, spans), max_size=12)


@given(parts, parts)
def test_findings_are_those_of_brute_force(train, test):
    digests = {"train": Digests(), "test": Digests()}
    numbers: dict[str, int] = {}
    for part, found in (("train", train), ("test", test)):
        for example in found:
            digests[part].add(example, numbers)
    result = compare(digests)
    leak = result.leaks["test in train"]
    assert leak["exact"] == sum(e.text in {t.text for t in train} for e in test)
    assert leak["normalised"] == sum(normalised(e.text) in {normalised(t.text) for t in train} for e in test)
    assert result.duplicates["train"]["exact"] == len(train) - len({e.text for e in train})
    labels, types = defaultdict(set), defaultdict(set)
    for example in train + test:
        labels[example.text].add(example.spans)
        for span in example.spans:
            types[example.text[span.start : span.end]].add(span.type)
    assert len(result.label_conflicts) == sum(len(found) > 1 for found in labels.values())
    assert len(result.type_conflicts) == sum(len(found) > 1 for found in types.values())


@pytest.fixture(scope="module")
def written(tmp_path_factory) -> tuple[dict, Path]:
    folder = tmp_path_factory.mktemp("report")
    return report(SMALL, folder), folder


def test_the_report_shows_what_it_counts(written):
    result, folder = written
    assert json.loads((folder / "data_report.json").read_text("utf-8")) == result
    leak = result["leaks"]["test in train"]
    assert (leak["exact"], leak["normalised"], leak["share"]) == (1, 2, round(2 / 3, 6))
    assert sorted(shown["test"]["place"] for shown in leak["shown"]) == ["test.txt:1", "test.txt:5"]
    assert {shown["train"]["text"] for shown in leak["shown"]} == {"Ａ公司。", "黄山在安徽"}
    assert result["leaks"]["development in train"]["normalised"] == 0
    assert result["duplicates"]["train"] == {"exact": 2, "normalised": 2}
    (conflict,) = result["label_conflicts"]["shown"]
    assert [shown["place"] for shown in conflict] == ["train.txt:1", "train.txt:7"]
    assert result["type_conflicts"]["surfaces"] == 1
    assert result["type_conflicts"]["shown"] == [{"surface": "黄山", "types": {"LOC": 3, "NAME": 1}}]
    assert [c["character"] for c in result["unknown_characters"]["test"]["frequent"]] == ["a", "龘"]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["2 texts of test (66.67%) also stand in train, 1 of them", "repeat", "different labels", "新类型"]),
        ("zh", ["test 中有 2 条文本（66.67%）也出现在 train 中", "重复", "不同的标注", "新类型"]),
    ],
)
def test_what_spoils_a_score_is_said(written, monkeypatch, language, words):
    monkeypatch.setenv("TENGJIA_LANG", language)
    said = warnings(written[0])
    assert len(said) == len(words)
    assert all(word in sentence for word, sentence in zip(words, said))


def test_a_clean_corpus_is_not_blamed(tmp_path):
    clean = {"train": SMALL["train"][:1], "test": [Example("王平", (Span(0, 2, "NAME"),))]}
    assert report(clean, tmp_path)["warnings"] == []


def test_the_picture_is_a_picture(written):
    content = (written[1] / "data_report.png").read_bytes()
    assert content.startswith(b"\x89PNG") and len(content) > 5000


@pytest.mark.parametrize(
    "parts",
    [
        {"train": []},
        {"train": [Example("x")], "test": []},
        {"train": [Example("x" * 100_000, (Span(0, 1, "$a_b^c$"), Span(1, 2, "字" * 50), Span(2, 3, "🎉")))]},
        {"train": [Example("x" * 99, tuple(Span(n, n + 1, f"类{n}") for n in range(99)))]},
        {"train": [Example("x", label=f"$class_{n}^") for n in range(99)], "test": [Example("y", label="类")]},
        {"train": [Example("xy", (Span(0, 1, "A"),), label="b")], "test": [Example("z")]},
    ],
)
def test_odd_corpora_are_drawn_without_a_warning(parts, tmp_path):
    report(parts, tmp_path)
    assert (tmp_path / "data_report.png").stat().st_size > 1000


@pytest.mark.parametrize(
    ("examples", "panels"),
    [
        ([Example("x")], 1),
        ([Example("x", (Span(0, 1, "A"),))], 2),
        ([Example("x", label="a")], 2),
        ([Example("x", (Span(0, 1, "A"),), label="a")], 3),
    ],
)
def test_only_what_there_is_is_drawn(examples, panels, tmp_path):
    report({"train": examples}, tmp_path)
    header = (tmp_path / "data_report.png").read_bytes()[16:20]
    assert int.from_bytes(header, "big") == panels * 605


def test_it_can_be_stopped(tmp_path):
    def stop() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        report(SMALL, tmp_path, check=stop)
    assert list(tmp_path.iterdir()) == []


def test_without_a_chinese_font_signs_are_spelt(monkeypatch):
    monkeypatch.setattr(fonts, "CHINESE", ("No Such Font",))
    family, written = fonts.labels(["人名", "NAME", "é"])
    assert family == "DejaVu Sans"
    assert written == {"人名": "\\u4eba\\u540d", "NAME": "NAME", "é": "é"}


def test_with_a_font_that_has_them_signs_stay(monkeypatch):
    monkeypatch.setattr(
        fonts, "_signs_of", lambda family: frozenset(map(ord, "人名NAME")) if family == "X" else frozenset()
    )
    monkeypatch.setattr(fonts, "CHINESE", ("X",))
    assert fonts.labels(["人名", "NAME"]) == ("X", {"人名": "人名", "NAME": "NAME"})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ＡＢＣ", "abc"),
        ("张三，男。", "张三男"),
        ("a\u3000b", "ab"),
        ("①", "1"),
        ("Straße", "STRASSE"),
        ("……", "......"),
    ],
)
def test_texts_that_count_as_the_same(one, other):
    assert normalised(one) == normalised(other)


@pytest.mark.parametrize(("one", "other"), [("🎉", "😀"), ("，", "。"), ("é", "e"), ("कि", "क"), ("12", "21")])
def test_texts_that_do_not(one, other):
    assert normalised(one) != normalised(other)
