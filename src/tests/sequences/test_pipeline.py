"""Raw text in, text out: batches, options, long and hostile texts, bundles."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from src.tests.sequences.support import make_pipeline
from tengjia.base_tasks.pipelines import load_pipeline
from tengjia.base_tasks.sequence_to_sequence.answers import Alternative, Written
from tengjia.base_tasks.sequence_to_sequence.outcome import is_copy, make_outcome, repeats
from tengjia.data.example import Example
from tengjia.errors import ConfigurationError
from tengjia.layers.generation.options import Generation
from tengjia.reports.head import ReportHead

TEXTS = ["一二三。", "四。", "", "九九九。", "一二三。", "猫 Ω \ud800", "   "]


@pytest.mark.parametrize("method", ["beam", "greedy", "sampling"])
def test_an_answer_does_not_depend_on_the_others(method: str) -> None:
    pipeline = make_pipeline(Generation.Config(method=method, maximum_length=8))
    together = pipeline(TEXTS, batch_size=3)
    assert [one.text for one in together] == [pipeline(text).text for text in TEXTS]
    assert together[0].text == together[4].text
    assert together[2] == together[6] == Written("", 0.0)
    assert all(0 <= one.score <= 1 for one in together)


def test_options_of_a_call_hold_for_it_alone() -> None:
    pipeline = make_pipeline()
    plain = pipeline("一二三。")
    several = pipeline("一二三。", beams=4, alternatives=2)
    assert len(several.alternatives) == 2 and several.text != several.alternatives[0].text
    assert pipeline("一二三。") == plain
    drawn = {pipeline("一二三。", method="sampling", temperature=3.0, seed=seed).text for seed in range(12)}
    assert len(drawn) > 1
    for wrong in ({"beams": 0}, {"top_p": 0.0}, {"temperature": -1.0}):
        with pytest.raises(ConfigurationError, match=next(iter(wrong))):
            pipeline("一", **wrong)


@pytest.mark.parametrize("by_sentence", [True, False])
def test_long_texts_are_cut_at_sentences_and_joined(by_sentence: bool) -> None:
    pipeline = make_pipeline(maximum_length=7)
    pipeline.options = replace(pipeline.options, by_sentence=by_sentence)
    long = "一二三。四五。" * 3
    parts = ["一二三。", "四五。"] * 3
    separate = [pipeline(part).text for part in parts]
    assert pipeline(long).text == " ".join(text for text in separate if text)


@settings(max_examples=15, deadline=None)
@given(text=st.text(max_size=80))
def test_any_text_has_an_answer(text: str) -> None:
    answer = PIPELINE(text)
    assert isinstance(answer.text, str) and PIPELINE.restored(PIPELINE.plain([answer]))[0].text == answer.text


PIPELINE = make_pipeline(Generation.Config(method="greedy", maximum_length=5), maximum_length=9)


@pytest.mark.slow
def test_a_text_of_a_hundred_thousand_characters_is_answered() -> None:
    pipeline = make_pipeline(Generation.Config(method="greedy", maximum_length=4))
    answer = pipeline("一二三四五六七八九" * 11_200)
    assert answer.text


def test_a_bundle_answers_alike(tmp_path: Path) -> None:
    pipeline = make_pipeline(Generation.Config(beams=3, maximum_length=9, alternatives=1))
    pipeline.save(tmp_path / "bundle")
    again = load_pipeline(tmp_path / "bundle")
    assert again.options == pipeline.options
    assert again(TEXTS) == pipeline(TEXTS)


def test_answers_are_json_and_back() -> None:
    answer = Written("one", 0.5, False, (Alternative("two", 0.25),))
    assert Written.restored(answer.plain()) == answer
    assert str(answer) == "one"


def test_what_went_wrong_is_found() -> None:
    pipeline = make_pipeline()
    rows = [("一。", "this is one."), ("a b c", "x y z"), ("二。", "two and two."), ("三。", "three."), ("ok", "ok")]
    examples = [
        Example(text, file="f", line=line, extra={"target": target}) for line, (text, target) in enumerate(rows)
    ]
    answers = [
        Written("this is one.", 0.9),
        Written("A b c.", 0.5),
        Written("two two two two two two two", 0.5, ended=False),
        Written("", 0.1),
        Written("ok", 1.0),
    ]
    outcome = make_outcome(examples, answers, pipeline, training=None, seed=1, samples=50, level=0.95)
    assert outcome.troubles == {"empty": [3], "copied": [1], "repeating": [2], "cut": [2]}
    flat = outcome.flat()
    assert flat["exact"] == pytest.approx(2 / 5) and flat["share_empty"] == pytest.approx(0.2)
    assert 0 < flat["bleu"] < 1 and flat["bleu_low"] <= flat["bleu"] <= flat["bleu_high"]
    assert flat["signature"].startswith("nrefs:1")
    assert outcome.worst(2)[0] in {1, 3} and set(outcome.best(2)) == {0, 4}
    perfect = replace(outcome, answers=[Written(target, 1.0) for _, target in rows])
    ahead = perfect.difference(outcome, samples=200)
    assert ahead.value > 0
    assert "BLEU" in outcome.terminal_table() or "tok:13a" in outcome.terminal_table()
    assert sum(len(numbers) for numbers in outcome.by_length().values()) == 5


def test_the_report_shows_answers_beside_references(tmp_path: Path) -> None:
    pipeline = make_pipeline()
    examples = [Example("<b>一</b>", file="f.tsv", line=3, extra={"target": "<i>one</i>"})]
    outcome = make_outcome(examples, [Written("<u>", 0.5)], pipeline, training=None, seed=1, samples=9, level=0.9)
    file = outcome.write_report(tmp_path / "r.html", ReportHead("r", "p", "m", 5))
    page = file.read_text("utf-8")
    assert "f.tsv:3" in page and "&lt;i&gt;one&lt;/i&gt;" in page and "&lt;u&gt;" in page and "<u>" not in page


def test_no_examples_at_all_are_no_crash() -> None:
    outcome = make_outcome([], [], make_pipeline(), training=None, seed=1, samples=9, level=0.9)
    assert outcome.flat()["texts"] == 0.0 and outcome.worst(3) == []


@pytest.mark.parametrize(
    ("text", "chinese", "expected"),
    [("a b c d a b c d", False, 1), ("a b c d", False, 0), ("好好好好好好", True, 2), ("", True, 0)],
)
def test_repetitions_are_counted(text: str, chinese: bool, expected: int) -> None:
    assert repeats(text, chinese) == expected


def test_copies_are_told_from_translations() -> None:
    assert is_copy("Hello, World", "hello world!") and not is_copy("", "") and not is_copy("你好", "hello")
