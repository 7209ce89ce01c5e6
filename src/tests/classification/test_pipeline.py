"""Raw text in, classes out: batches, options, JSON, thresholds that are decided on a development part."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import numpy
import pytest

from src.tests.classification.support import NAMES, make_pipeline
from tengjia.base_tasks.text_classification.answers import Classification
from tengjia.base_tasks.text_classification.application import Application
from tengjia.base_tasks.text_classification.decision import FittedDecision, Options
from tengjia.base_tasks.text_classification.pipeline import read_as_wanted
from tengjia.base_tasks.text_classification.shown import shown
from tengjia.base_tasks.text_classification.task import example, kept
from tengjia.config import Settings
from tengjia.data.example import Example

TEXTS = ["这家酒店很好", "太吵了", "", "书", "一般" * 40, "\x00\u202e没见过的字", "a" * 1_000_000]


def test_answers_do_not_depend_on_their_neighbours():
    pipeline = make_pipeline(maximum_length=16)
    together = pipeline(TEXTS, batch_size=3)
    for text, answer in zip(TEXTS, together, strict=True):
        alone = pipeline(text)
        assert alone.classes == answer.classes
        numpy.testing.assert_allclose(alone.probabilities, answer.probabilities, rtol=1e-4, atol=1e-6)
        assert float(answer.probabilities.sum()) == pytest.approx(1.0, abs=1e-5)
        assert answer.label == NAMES[int(answer.probabilities.argmax())] and answer.score == max(answer.scores.values())
        assert list(answer.scores.values()) == sorted(answer.scores.values(), reverse=True)


@pytest.mark.parametrize("values", [{}, {"separator": "|"}, {"outside": "其他"}], ids=["one", "several", "outside"])
def test_plain_answers_come_back(values):
    pipeline = make_pipeline(Options(least_score=0.6, threshold=0.4), **values)
    answers = pipeline(TEXTS[:4])
    plain = json.loads(json.dumps(pipeline.plain(answers), ensure_ascii=False, allow_nan=False))
    again = pipeline.restored(plain)
    assert pipeline.plain(again) == plain
    assert [one.classes for one in again] == [one.classes for one in answers]
    assert set(plain[0]) == ({"classes", "scores"} if "separator" in values else {"class", "score", "scores"})


def test_an_unsure_answer_is_none_or_the_one_outside():
    assert {answer.classes for answer in make_pipeline(Options(least_score=1.0))(TEXTS[:3])} == {()}
    unsure = make_pipeline(Options(least_score=1.0))("书")
    assert unsure.label is None and unsure.plain()["class"] is None and 0 < unsure.score < 1
    outside = make_pipeline(Options(least_score=1.0), outside="其他")("书")
    assert outside.label == "其他" and outside.score == unsure.score


def test_the_section_apply_may_ask_for_other_thresholds_and_fewer_scores():
    answer = make_pipeline()("这家酒店很好")
    asked = kept(answer, Application.Config(least_score=1.0, most_scores=1))
    assert asked.classes == () and len(asked.plain()["scores"]) == 1
    assert kept(answer, Application.Config(threshold=0.9)).classes == answer.classes
    several = make_pipeline(separator="|")("这家酒店很好")
    assert kept(several, Application.Config(threshold=0.0)).classes == NAMES
    assert kept(several, Application.Config(least_score=1.0)).classes == several.classes


def test_the_testing_file_may_name_thresholds():
    pipeline = make_pipeline(Options(threshold=0.3, least_score=0.2))
    read_as_wanted(Settings({"decision": {"least_score": 0.9, "threshold": None}}), pipeline)
    assert pipeline.options == Options(threshold=0.3, least_score=0.9)
    read_as_wanted(Settings({}), pipeline)
    assert pipeline.options == Options(threshold=0.3, least_score=0.9)


def labelled(*pairs: tuple[str, str]) -> list[Example]:
    return [Example(text, label=label) for text, label in pairs]


def test_open_thresholds_fit_the_development_part():
    pipeline = make_pipeline(separator="|")
    texts = ["这家", "酒店", "很好", "太吵", "书也"]
    rows = pipeline.probabilities(texts)
    wanted = [(text, "|".join(numpy.array(NAMES)[row >= 0.25]) or "-") for text, row in zip(texts, rows)]
    fitted = pipeline.fitted(FittedDecision.Config(), labelled(*wanted))
    pipeline.options = fitted
    assert ["|".join(answer.classes) or "-" for answer in pipeline(texts)] == [label for _, label in wanted]
    assert pipeline.fitted(FittedDecision.Config(threshold=0.9), labelled(*wanted)) == Options(threshold=0.9)
    assert pipeline.fitted(FittedDecision.Config(), []) == Options()


def test_the_least_score_is_decided_only_where_texts_are_outside():
    pipeline = make_pipeline(outside="其他")
    inside = labelled(("这家", "好"), ("太吵", "坏"))
    assert pipeline.fitted(FittedDecision.Config(), inside).least_score == 0.0
    scores = pipeline.probabilities(["书也", "电脑"]).max(axis=1)
    outside = [*inside, *labelled(("书也", "其他"), ("电脑", "其他"))]
    assert pipeline.fitted(FittedDecision.Config(), outside).least_score > min(scores)
    assert make_pipeline().fitted(FittedDecision.Config(), outside).least_score == 0.0


def test_shown_at_the_prompt():
    answer = Classification(("好",), NAMES, numpy.array([0.1, 0.85, 0.05], numpy.float32))
    pipeline: Any = SimpleNamespace(labels=NAMES)
    said = shown("书", answer, pipeline, colours=False)
    assert said.splitlines()[0] == "好" and "* 好" in said and "0.8500" in said
    assert "\x1b[" in shown("书", answer, pipeline, colours=True)
    nothing = Classification((), ("\x1b[2J",), numpy.array([0.4], numpy.float32))
    assert "\x1b" not in shown("书", nothing, pipeline, colours=False) and "no class" in shown(
        "书", nothing, pipeline, colours=False
    )


def test_examples_of_a_program_become_rows():
    one, several = make_pipeline(), make_pipeline(separator="|")
    assert example("书", "好", one.encoding) == {"text": "书", "label": "好"}
    assert example("书", one("书"), one.encoding)["label"] == one("书").label
    assert example("书", ["好", "坏"], several.encoding)["label"] == "好|坏"
    assert example("书", [], several.encoding)["label"] == "-"


def test_a_bundle_round_trip(tmp_path):
    from tengjia.base_tasks.pipelines import load_pipeline

    pipeline = make_pipeline(Options(least_score=0.4), outside="其他", names=("/a", "${b}", "c d"))
    pipeline.save(tmp_path / "bundle")
    loaded = load_pipeline(tmp_path / "bundle")
    assert loaded.options == pipeline.options and loaded.labels == ("/a", "${b}", "c d")
    assert loaded.plain_answers(TEXTS[:5]) == pipeline.plain_answers(TEXTS[:5])
