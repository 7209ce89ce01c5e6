"""Raw text in, intent and slots out."""

from __future__ import annotations

from pathlib import Path

import numpy
import pytest
import torch

from src.tests.joint.support import make_pipeline
from tengjia.base_tasks.joint_intent_slot.answers import Understanding
from tengjia.base_tasks.joint_intent_slot.decision import Options
from tengjia.base_tasks.joint_intent_slot.pipeline import JointIntentSlotPipeline
from tengjia.base_tasks.joint_intent_slot.shown import shown
from tengjia.data.example import Example

TEXTS = ["找北京的会计岗位", "讲笑话", "给云帆投简历", "上海", "天气怎么样" * 3]


@pytest.mark.parametrize("crf", [True, False])
def test_answers_are_those_of_the_model(crf: bool):
    pipeline = make_pipeline(crf=crf)
    for text in TEXTS:
        batch = pipeline.encoding.slots.collate([pipeline.encoding.slots.encode(text)])
        with torch.no_grad():
            tags, classes = pipeline.model(batch)
        expected = torch.softmax(classes[0], -1).numpy()
        answer = pipeline(text)
        assert answer.probabilities == pytest.approx(expected, abs=1e-5)
        assert answer.intent == pipeline.labels[int(expected.argmax())] and answer.score == pytest.approx(
            expected.max(), abs=1e-5
        )
        labels = pipeline.encoding.slots.labels
        spans = labels.decode(pipeline.model.decode(tags, batch.label_mask).numpy(), repair="strict")
        found = [(a, b, labels.types[kind]) for _, a, b, kind in zip(*(part.tolist() for part in spans))]
        assert [slot.span for slot in answer.slots] == found
        assert all(slot.text == text[slot.start : slot.end] for slot in answer.slots)


@pytest.mark.parametrize("batch_size", [1, 2, 64])
def test_batches_change_nothing(batch_size: int):
    pipeline = make_pipeline()
    together = pipeline(TEXTS * 3, batch_size=batch_size)
    alone = [pipeline(text) for text in TEXTS] * 3
    for one, other in zip(together, alone):
        assert one.intent == other.intent and [slot.span for slot in one.slots] == [slot.span for slot in other.slots]
        assert one.score == pytest.approx(other.score, abs=1e-5)


def test_a_long_text_is_the_mean_of_its_windows():
    pipeline = make_pipeline(maximum_length=12)
    text = "找北京的会计岗位投简历给云帆" * 3
    encoding = pipeline.encoding.slots
    windows = encoding.windows(encoding.encode(text))
    assert len(windows) > 3
    total = sum(
        pipeline.model(encoding.collate([window.encoded]))[1][0].detach().double() * window.encoded.length
        for window in windows
    )
    units = sum(window.encoded.length for window in windows)
    expected = torch.softmax(torch.as_tensor(total / units), -1).numpy()
    assert pipeline(text).probabilities == pytest.approx(expected, abs=1e-5)
    many = pipeline([text, "讲笑话", text])
    assert many[0].score == pytest.approx(many[2].score) and many[1].intent == pipeline("讲笑话").intent


@pytest.mark.parametrize("text", ["", "   ", "\n\t"])
def test_a_text_of_nothing_has_no_intent(text: str):
    assert make_pipeline()(text) == Understanding(None, 0.0, [])
    assert make_pipeline(outside="outside")(text).intent == "outside"


def test_below_the_threshold_is_outside():
    sure = make_pipeline()("讲笑话").score
    for least, intent in ((sure - 1e-3, make_pipeline()("讲笑话").intent), (sure + 1e-3, None)):
        assert make_pipeline(Options(least_score=least))("讲笑话").intent == intent
    assert make_pipeline(Options(least_score=1.0), outside="oos")("讲笑话").intent == "oos"
    learnt = make_pipeline(Options(least_score=0.0), outside="outside")
    probabilities = learnt("讲笑话").probabilities
    assert learnt("讲笑话").score == pytest.approx(numpy.delete(probabilities, 1).max(), abs=1e-6)


def test_the_threshold_is_chosen_on_examples():
    pipeline = make_pipeline(outside="outside")
    scores = {text: pipeline(text).score for text in TEXTS}
    ordered = sorted(TEXTS, key=lambda text: scores[text])
    examples = [Example(text, label="outside") for text in ordered[:2]]
    examples += [Example(text, label=pipeline(text).intent or "") for text in ordered[2:]]
    inside = [one for one in examples[2:] if one.label != "outside"]
    assert inside
    least = pipeline.fitted([*examples[:2], *inside])
    assert scores[ordered[1]] <= least <= min(scores[one.text] for one in inside) + 1e-6
    assert pipeline.fitted(inside) == 0.0 and pipeline.fitted([]) == 0.0


def test_plain_and_restored():
    pipeline = make_pipeline()
    answers = pipeline(TEXTS)
    values = pipeline.plain(answers)
    assert set(values[0]) == {"intent", "score", "slots"}
    restored = pipeline.restored(values)
    assert pipeline.plain(restored) == values and restored[0].slots == answers[0].slots


def test_shown():
    pipeline = make_pipeline()
    words = shown(TEXTS[0], pipeline(TEXTS[0]), pipeline, colours=False)
    answer = pipeline(TEXTS[0])
    assert words.startswith(f"{answer.intent}  {answer.score:.4f}")
    assert all(f"]{slot.type}" in words for slot in answer.slots)
    assert "\x1b" in shown(TEXTS[0], answer, pipeline, colours=True) and "\x1b" not in words
    assert shown("x", Understanding(None, 0.0, []), pipeline, colours=True).endswith("0.0000")
    assert "\x1b" not in shown("\x1b[31m", Understanding("\x1b[31m", 0.1, []), pipeline, colours=False)


def test_a_bundle(tmp_path: Path):
    pipeline = make_pipeline(Options(least_score=0.4, repair="lenient"), outside="outside")
    pipeline.save(tmp_path / "bundle")
    loaded = JointIntentSlotPipeline.load(tmp_path / "bundle")
    assert loaded.options == pipeline.options and loaded.labels == pipeline.labels
    assert loaded.plain_answers(TEXTS) == pipeline.plain_answers(TEXTS)
