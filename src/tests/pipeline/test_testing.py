"""Stage `test`: exact scores, a table, a report, and a verdict on two models."""

from __future__ import annotations

import json
import signal
from dataclasses import replace
from pathlib import Path

import pytest

from tengjia.base_tasks.sequence_labeling import test as stage_test
from tengjia.base_tasks.sequence_labeling.entities import Entity
from tengjia.base_tasks.sequence_labeling.outcome import Outcome
from tengjia.base_tasks.sequence_labeling.pipeline import Options, SequenceLabelingPipeline
from tengjia.base_tasks.stages.corpus import read_examples
from tengjia.base_tasks.stages.loading import tell_differences
from tengjia.bundle.record import Record
from tengjia.data.example import Example, Span
from tengjia.errors import CheckpointError, DataError, Interrupted
from tengjia.metrics.resampling import Difference
from tengjia.modules.tester.default import DefaultTester
from tengjia.reports.comparison import verdict
from tengjia.runs import RunFolder

from .project import TEXTS, make_run, settings, write_corpus
from .toy import make_pipeline


def _entity(start: int, end: int, kind: str, reason: str = "") -> Entity:
    return Entity("x", kind, start, end, 0.9, "suspected" if reason else "confirmed", reason)  # type: ignore[arg-type]


EXAMPLES = [
    Example("林清远任董事长", (Span(0, 3, "NAME"), Span(4, 7, "TITLE")), "a.txt", 1),
    Example("云山市工程师", (Span(0, 3, "LOC"),), "a.txt", 5),
    Example("没有", (), "a.txt", 9),
]
ANSWERS = [
    [_entity(0, 3, "NAME"), _entity(4, 6, "TITLE", "low_score")],
    [_entity(0, 3, "ORG"), _entity(3, 6, "TITLE", "passed_over")],
    [],
]


def test_scores_of_a_small_case_by_hand() -> None:
    outcome = Outcome(EXAMPLES, ANSWERS, ("NAME", "ORG", "TITLE"), known={"林清远": {"NAME"}, "云山市": {"ORG"}})
    assert outcome.all_types == ("NAME", "ORG", "TITLE", "LOC")
    flat = outcome.flat()
    assert flat["entity_precision"] == pytest.approx(1 / 3)
    assert flat["entity_recall"] == pytest.approx(1 / 3)
    assert flat["entity_f1/NAME"] == 1.0 == flat["entity_f1_low/NAME"]
    assert flat["entity_f1/TITLE"] == 0.0
    assert (flat["gold"], flat["predicted"], flat["texts"]) == (3, 3, 3)
    assert flat["right_texts"] == pytest.approx(1 / 3)
    assert flat["entity_recall_seen"] == 1.0
    assert flat["entity_recall_unseen"] == flat["entity_recall_seen_as_other"] == 0.0
    assert outcome.kinds["gold"] == {"right": 1, "type": 1, "boundary": 1, "boundary_and_type": 0, "missed": 0}
    assert outcome.confusion[3].tolist() == [0, 1, 0, 0, 0]
    assert outcome.by_status == {"confirmed": (2, 1), "low_score": (1, 0), "passed_over": (1, 0)}
    assert outcome.worst(9) == [1, 0]
    assert outcome.worst(1) == [1]


def test_an_outcome_without_texts_or_entities() -> None:
    for examples in ([], EXAMPLES[2:]):
        outcome = Outcome(examples, [[] for _ in examples], ("NAME",))
        assert outcome.flat()["entity_f1"] == 0.0
        assert outcome.worst(3) == []
        assert outcome.overall.f1 == (0.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("value", "p", "words"),
    [
        (0.02, 0.01, "Significantly better than r: F1 +2.00 points, 95% interval [+1.00, +3.00], p = 0.0100."),
        (-0.02, 0.01, "Significantly worse than r: F1 -2.00 points"),
        (0.02, 0.06, "No significant difference from r"),
    ],
)
def test_verdicts(value: float, p: float, words: str) -> None:
    assert verdict("r", Difference(value, value - 0.01, value + 0.01, p), 0.95).startswith(words)


def test_the_stage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pipeline = make_pipeline()
    write_corpus(tmp_path, pipeline)
    run = make_run(tmp_path, "first", pipeline)
    config = settings(tmp_path)
    result = stage_test(config, run)
    assert result["entity_recall"] == 1.0
    assert 0.5 < result["entity_precision"] < 0.8
    assert result["entity_f1_low"] < result["entity_f1"] < result["entity_f1_high"]
    assert json.loads((run.path / "test_result.json").read_text("utf-8")) == result
    assert all(not isinstance(value, dict | list) for value in result.values())
    printed = capsys.readouterr().out
    assert "95% interval" in printed and "ORG-A" in printed and "test_report.html" in printed
    report = (run.reports / "test_report.html").read_text("utf-8")
    for words in ("Scores by type", "Which type was taken", "Scores by length", "Seen and unseen", "The worst texts"):
        assert words in report
    assert "test.txt:" in report
    assert stage_test(config, run) == result
    assert (run.path / "test_result.2.json").is_file() and (run.reports / "test_report.2.html").is_file()


def test_two_runs_are_compared(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pipeline = make_pipeline()
    write_corpus(tmp_path, pipeline)
    run, other = make_run(tmp_path, "first", pipeline), make_run(tmp_path, "second", make_pipeline(seed=2))
    result = stage_test(settings(tmp_path, compare="second"), run)
    assert result["compare_run"] == "second"
    assert result["compare_f1_low"] > 0 and result["compare_f1_p"] < 0.05
    assert "Significantly better than second" in capsys.readouterr().out
    assert "Significantly better" in (run.reports / "test_report.html").read_text("utf-8")
    monkeypatch.setenv("TENGJIA_LANG", "zh")
    result = stage_test(settings(tmp_path, compare="first"), other)
    assert result["compare_f1_high"] < 0
    printed = capsys.readouterr().out
    assert "显著劣于 first" in printed and "精确率" in printed
    assert "严格匹配" in (other.reports / "test_report.html").read_text("utf-8")
    assert not (other.path / "test_result.2.json").exists()
    equal = stage_test(settings(tmp_path, compare="first"), run)
    assert (equal["compare_f1_value"], equal["compare_f1_p"]) == (0.0, 1.0)


def test_a_report_without_texts_of_the_corpus(tmp_path: Path) -> None:
    pipeline = make_pipeline()
    write_corpus(tmp_path, pipeline)
    run = make_run(tmp_path, "first", pipeline)
    values = {"name": "default", "device": "cpu", "samples": 10, "worst": 0}
    stage_test(settings(tmp_path, tester=values), run)
    report = (run.reports / "test_report.html").read_text("utf-8")
    assert not [text for text in TEXTS if text in report]
    assert '<mark class="h0">NAME</mark>' in report


def test_another_repair_than_in_training_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    pipeline = make_pipeline("bilstm_softmax", options=Options(repair="strict"))
    write_corpus(tmp_path, pipeline)
    run = make_run(tmp_path, "first", pipeline)
    strict = stage_test(settings(tmp_path, evaluator={"name": "entity_f1", "repair": "strict"}), run)
    assert not caplog.records
    lenient = stage_test(settings(tmp_path, evaluator={"name": "entity_f1", "repair": "lenient"}), run)
    assert lenient["predicted"] > strict["predicted"]
    assert "read as `lenient`" in caplog.text


def test_another_corpus_than_in_training_is_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TENGJIA_LANG", "en")
    pipeline = make_pipeline()
    write_corpus(tmp_path, pipeline)
    run, config = make_run(tmp_path, "first", pipeline), settings(tmp_path)
    run.write("config", {"config": config.plain()})
    examples = read_examples(config, run)
    run.write("data", {"files": dict(examples.entry.parts["data"])})
    stage_test(config, run)
    assert not caplog.records  # the very same
    (tmp_path / "datasets" / "copy.txt").write_bytes((tmp_path / "datasets" / "test.txt").read_bytes())
    copied = config.plain()["dataset"] | {"test": ["copy.txt"]}
    stage_test(settings(tmp_path, dataset=copied), run)
    assert not caplog.records  # another name, the same content
    with open(tmp_path / "datasets" / "test.txt", "a", encoding="utf-8") as file:
        file.write("\n天 O\n")
    stage_test(settings(tmp_path, reader=config.plain()["reader"] | {"repair": "error"}), run)
    told = caplog.records[0].getMessage()
    assert "not the one that run first was trained with: test: test.txt (" in told
    assert "reader.repair: None -> error" in told and "set dataset and reader as in training" in told
    report = (run.reports / "test_report.3.html").read_text("utf-8")
    assert "not the one that run first was trained with" in report and 'class="card warning"' in report
    monkeypatch.setenv("TENGJIA_LANG", "zh")
    stage_test(config, run)
    assert "此语料与运行 first 训练时使用的语料不同：test：" in caplog.text.replace("test: ", "test：")


def test_a_model_that_answers_otherwise_than_when_it_was_saved_is_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    pipeline = make_pipeline()
    run = make_run(tmp_path, "first", pipeline)
    pipeline.save(run.bundle, Record(golden_source="sample", golden_texts=TEXTS[:4]))
    assert tell_differences(SequenceLabelingPipeline.load(run.bundle), run) == 0
    assert not caplog.records
    assert tell_differences(make_pipeline(seed=2), run) == 4
    assert "4 golden examples are answered otherwise" in caplog.text
    assert "tengjia doctor" in caplog.text


def test_a_run_whose_training_failed_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = RunFolder.create(tmp_path / "check_points", seed=1, app="demo_app", task="ner", name="failed")
    run.begin("train")
    run.finish("train", "failed", "the file is empty [data.empty_file]")
    with pytest.raises(CheckpointError) as caught:
        stage_test(settings(tmp_path), run)
    assert caught.value.code == "run.no_model" and "stage=train resume=failed" in caught.value.hint
    assert "its training is `failed`. the file is empty [data.empty_file]" in caught.value.message
    monkeypatch.setenv("TENGJIA_LANG", "zh")
    with pytest.raises(CheckpointError, match="训练状态为“失败”"):
        stage_test(settings(tmp_path), run)


def test_what_is_missing_is_told(tmp_path: Path) -> None:
    pipeline = make_pipeline()
    write_corpus(tmp_path, pipeline)
    run = make_run(tmp_path, "first", pipeline)
    with pytest.raises(DataError) as caught:
        stage_test(settings(tmp_path, tester={"name": "default", "part": "development"}), run)
    assert caught.value.code == "pipeline.no_part"
    assert "train, test" in caught.value.message
    with pytest.raises(CheckpointError) as missing:
        stage_test(settings(tmp_path, compare="nobody"), run)
    assert missing.value.code == "run.not_found"
    (run.bundle / "README.md").write_text("changed")
    with pytest.raises(CheckpointError) as damaged:
        stage_test(settings(tmp_path), run)
    assert damaged.value.code == "bundle.changed"


def test_a_request_to_stop_is_honoured_between_batches() -> None:
    pipeline = make_pipeline()
    tester = DefaultTester(DefaultTester.Config(batch_size=2))
    asked: list[int] = []

    class Watched(SequenceLabelingPipeline):
        def _decode(self, *args: object) -> object:  # type: ignore[override]
            raise AssertionError("went on")

    watched = Watched(pipeline.model, pipeline.encoding, pipeline.blueprint)
    forward = watched.model.forward

    def stopping(batch: object) -> object:
        asked.append(1)
        if len(asked) == 3:
            signal.raise_signal(signal.SIGTERM)
        return forward(batch)

    watched.model.forward = stopping
    with pytest.raises(Interrupted) as caught:
        tester.answers(watched, TEXTS, "test")
    assert caught.value.exit_code == 143
    assert len(asked) == 3


def test_options_are_part_of_the_bundle(tmp_path: Path) -> None:
    pipeline = make_pipeline(options=Options(repair="begun", least_score=0.9))
    pipeline.save(tmp_path / "bundle")
    loaded = SequenceLabelingPipeline.load(tmp_path / "bundle")
    assert loaded.options == Options(repair="begun", least_score=0.9)
    assert "low_score" in {entity.reason for answer in loaded(TEXTS) for entity in answer}
    loaded.options = replace(loaded.options, least_score=0.0)
    assert "low_score" not in {entity.reason for answer in loaded(TEXTS) for entity in answer}
