"""Stages on small corpora: trained, tested, used, cross-validated; odd and hostile input."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from src.tests.joint.support import corpus, requests, write_task
from tengjia.base_tasks import joint_intent_slot as base
from tengjia.base_tasks.joint_intent_slot.task import TASK
from tengjia.command.notebook import compose
from tengjia.errors import ConfigurationError, DataError, TengjiaError
from tengjia.registry import scope, set_scope
from tengjia.runs import RunFolder


@pytest.fixture(autouse=True)
def _alone() -> Iterator[None]:
    before, threads = scope(), torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)
    set_scope(before)


def run_of(root: Path, name: str = "one") -> RunFolder:
    return RunFolder.create(root / "runs" / "shop" / "requests", seed=1, app="shop", task="requests", name=name)


def train(root: Path, *words: str, name: str = "one") -> tuple[RunFolder, dict[str, Any]]:
    config, run = compose(root, ["stage=train", *words]), run_of(root, name)
    run.write("config", {"config": config.plain()})
    run.begin("train")
    dataset = base.build_dataset(config, run)
    result = base.train(config, run, dataset, base.build_model(config, dataset))
    run.finish("train")
    return run, result


@pytest.mark.slow
def test_trained_tested_used(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    root = write_task(tmp_path, corpus())
    run, result = train(root, "criterion.class_weights=balanced", "trainer.balance=0.5")
    assert result["best_score"] > 0.9
    scores = base.test(compose(root, ["stage=test"]), run)
    assert scores["slot_f1"] > 0.9 and scores["intent_accuracy"] > 0.9 and scores["outside_recall"] > 0.9
    assert (run.reports / "test_report.html").is_file()
    capsys.readouterr()
    base.apply(compose(root, ["stage=apply", "apply.text=找北京的会计岗位"]), run)
    shown = capsys.readouterr().out
    assert shown.startswith("search") and "[北京]city" in shown and "[会计]post" in shown
    file = tmp_path / "q.txt"
    file.write_text("给上海测试投简历\n\n讲个笑话\n", "utf-8")
    counts = base.apply(compose(root, ["stage=apply", f"apply.input={file}"]), run)
    assert counts["texts"] == 2 and counts["understood"] == 2 and counts["slots"] >= 2
    rows = [json.loads(line) for line in (tmp_path / "q.intents.jsonl").read_text("utf-8").splitlines()]
    assert [row["intent"] for row in rows] == ["apply", "outside"] and rows[0]["line"] == 1
    assert {slot["type"] for slot in rows[0]["slots"]} == {"city", "post"}


@pytest.mark.slow
def test_other_ways(tmp_path: Path):
    root = write_task(tmp_path, corpus())
    words = (
        "model.crf=false",
        "model.interaction=none",
        "criterion.slot=focal",
        "encoding.scheme=bmes",
        "encoding.bigrams=true",
    )
    run, result = train(root, *words, "decision.least_score=0.3", "tokenizer=whitespace", "trainer.max_epochs=2")
    assert 0 <= result["best_score"] <= 1
    assert base.JointIntentSlotPipeline.load(run.bundle).options.least_score == 0.3
    scores = base.test(compose(root, ["stage=test", "decision.least_score=1.0", "evaluator.repair=lenient"]), run)
    assert scores["outside_recall"] == 1.0 and scores["intent_accuracy_inside"] == 0.0


@pytest.mark.slow
def test_cross_validated(tmp_path: Path):
    root = write_task(tmp_path, {"train": requests(60, "train")}, split={"development": 0.2})
    task = root / "src/applications/shop/tasks/requests"
    (task / "cross_validate.py").write_text("def cross_validate(config, run): ...\n", "utf-8")
    config = compose(root, ["stage=cross_validate", "folds=2", "trainer.max_epochs=3"])
    run = run_of(root, "folds")
    run.write("config", {"config": config.plain()})
    result = base.cross_validate(config, run, base.build_dataset, base.build_model)
    assert result["slot_f1"] > 0.3 and result["texts"] == 60


def without(rows: list[dict[str, Any]], key: str) -> list[dict[str, Any]]:
    return [{name: value for name, value in row.items() if name != key} for row in rows]


def refused(root: Path, *words: str) -> str:
    with pytest.raises(TengjiaError) as error:
        config = compose(root, ["stage=train", *words])
        run = run_of(root)
        base.build_model(config, base.build_dataset(config, run))
    return error.value.code


def test_corpora_that_cannot_be_learnt(tmp_path: Path):
    def code(rows: list[dict[str, Any]], *words: str) -> str:
        return refused(write_task(tmp_path, {**corpus(), "train": rows}), *words)

    rows = requests(30, "train")
    assert code(without(rows, "label")) == "data.too_many_rejects"
    assert code(without(rows, "label"), "preprocess.max_rejects=100") == "data.no_examples"
    assert code(rows, "reader.label=null") == "joint.no_intents"
    assert code([{**row, "label": "search"} for row in rows]) == "joint.one_intent"
    assert (
        code([{**row, "spans": []} for row in rows], "dataset.development=[]", "dataset.test=[]") == "encoding.no_types"
    )
    assert (
        code([{**row, "spans": [{"start": 0, "end": 99, "type": "city"}]} for row in rows]) == "data.too_many_rejects"
    )
    assert code([]) in {"data.no_examples", "data.empty_file"}


def test_odd_rows_are_told_and_nothing_is_lost(tmp_path: Path):
    rows = corpus()
    rows["train"].append({"text": "没有意图", "spans": []})
    rows["development"].append(
        {"text": "找新的", "label": "never learnt", "spans": [{"start": 1, "end": 3, "type": "never"}]}
    )
    root = write_task(tmp_path, rows)
    config, run = compose(root, ["stage=train", "preprocess.max_rejects=3"]), run_of(root)
    dataset = base.build_dataset(config, run)
    assert len(dataset.encoding.classes) == 3 and len(dataset.encoding.slots.labels.types) >= 2
    batches = list(dataset.training(batch_size=8, seed=1).evaluation("development"))
    assert sum(int((batch.target == -1).sum()) for batch in batches) == 1
    model = base.build_model(config, dataset)
    from tengjia.base_tasks.stages.building import build_unit
    from tengjia.registry import evaluators

    unit = build_unit(TASK, config, model)
    evaluator = evaluators.build({"name": "joint_intent_slot"}, labels=dataset.labels)
    for batch in batches:
        loss = unit.evaluation_step(batch, evaluator)
        assert loss is not None and bool(torch.isfinite(loss.total))
    assert evaluator.compute()["intent_accuracy"] < 1


def test_modules_that_do_not_fit(tmp_path: Path):
    root = write_task(tmp_path, corpus())
    for words in ("model=bilstm_crf", "criterion=cross_entropy", "evaluator=entity_f1"):
        with pytest.raises(ConfigurationError):
            compose(root, ["stage=train", words])


def test_an_example_given_in_a_program(tmp_path: Path):
    from src.tests.joint.support import make_pipeline

    pipeline = make_pipeline()
    row = TASK.example("找北京", ("search", [(1, 3, "city")]), pipeline.encoding)
    assert row == {"text": "找北京", "label": "search", "spans": [{"start": 1, "end": 3, "type": "city"}]}
    answer = pipeline("找北京的会计")
    again = TASK.example("找北京的会计", answer, pipeline.encoding)
    assert again["label"] == answer.intent and len(again["spans"]) == len(answer.slots)


def test_the_sample_is_that_of_its_generator():
    from examples.intent_sample.generate import FOLDER, OUTSIDE, SIZES, patterns, rows

    texts: set[str] = set()
    for part, size in SIZES.items():
        made = rows(part)
        assert [json.loads(line) for line in (FOLDER / f"{part}.jsonl").read_text("utf-8").splitlines()] == made
        assert len(made) == size and {row["label"] for row in made} == set(patterns())
        assert all(0 <= span["start"] < span["end"] <= len(row["text"]) for row in made for span in row["spans"])
        assert not any(row["spans"] for row in made if row["label"] == OUTSIDE)
        assert not texts & {row["text"] for row in made}
        texts |= {row["text"] for row in made}


def test_a_corpus_of_three_files_a_part(tmp_path: Path):
    from tengjia.data.rejects import RejectsFile
    from tengjia.registry import datasets

    for part in ("train", "valid", "test"):
        folder = tmp_path / "snips" / part
        folder.mkdir(parents=True)
        (folder / "seq.in").write_text("play some jazz \nrate it 5\n", "utf-8")
        (folder / "seq.out").write_text("O O B-genre \nO O B-rating_value\n", "utf-8")
        (folder / "label").write_text("PlayMusic\nRateBook\n", "utf-8")
    corpus = datasets.build({"name": "snips"}, reader=None, root=tmp_path)
    assert list(corpus.parts()) == ["train", "development", "test"]
    first = next(iter(corpus.read("development", RejectsFile())))
    assert (first.text, first.label, first.spans[0].type) == ("play some jazz", "PlayMusic", "genre")
    (tmp_path / "snips" / "valid" / "label").unlink()
    with pytest.raises(DataError) as error:
        corpus.parts()
    assert error.value.code == "corpus.not_fetched" and "tengjia data get snips" in error.value.hint
    source = datasets.load("snips").source
    assert len(source.files) == 9 and all(len(file.sha256) == 64 for file in source.files)


@pytest.mark.slow
def test_a_new_task_keeps_its_promises_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: Any):
    import subprocess
    import sys

    from tengjia.command.main import main

    monkeypatch.chdir(tmp_path)
    assert main(["startproject", "made", "--app", "orders", "--task", "first"]) == 0
    monkeypatch.chdir(tmp_path / "made")
    assert main(["starttask", "orders", "wants", "--base", "joint_intent_slot"]) == 0, capsys.readouterr().err
    assert main(["check", "orders", "wants"]) == 0, capsys.readouterr().err
    test = "src/tests/applications/orders/test_wants.py"
    command = [sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", test]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_rows_of_a_new_task(language: str):
    import csv

    from tengjia.scaffold.sample import COUNTS, INTENTS, sample

    rows = list(csv.DictReader(sample("train", language, "joint_intent_slot").splitlines()))
    assert len(rows) == COUNTS["train"] and {row["label"] for row in rows} == set(INTENTS)
    assert all(json.loads(row["spans"]) == [] for row in rows if row["label"] == "other")
