"""Stages on small corpora: several classes, classes outside, odd and hostile input, from file to file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from src.tests.classification.support import write_task
from tengjia.base_tasks import text_classification as base
from tengjia.command.notebook import compose
from tengjia.errors import ConfigurationError, DataError, TengjiaError
from tengjia.registry import scope, set_scope
from tengjia.runs import RunFolder
from tengjia.utilities.randomness import generator_for

WORDS = {
    "好": ("很好", "不错", "喜欢", "满意"),
    "坏": ("太吵", "很慢", "失望", "难用"),
    "平": ("一般", "还行", "普通", "凑合"),
}
THINGS = ("酒店", "电脑", "书", "手机", "房间", "服务")


@pytest.fixture(autouse=True)
def _alone() -> Iterator[None]:
    before, threads = scope(), torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)
    set_scope(before)


def reviews(count: int, part: str, classes: tuple[str, ...] = ("好", "坏", "平")) -> list[dict[str, Any]]:
    random = generator_for("reviews", part)
    rows = []
    for number in range(count):
        name = classes[number % len(classes)]
        text = f"{THINGS[random.integers(6)]}{WORDS[name][random.integers(4)]}，{THINGS[random.integers(6)]}"
        rows.append({"text": f"{text}{number % 7}", "label": name})
    return rows


def corpus(classes: tuple[str, ...] = ("好", "坏", "平")) -> dict[str, list[dict[str, Any]]]:
    return {part: reviews(count, part, classes) for part, count in (("train", 60), ("development", 15), ("test", 18))}


def run_of(root: Path, name: str = "one") -> RunFolder:
    return RunFolder.create(root / "runs" / "shop" / "reviews", seed=1, app="shop", task="reviews", name=name)


def train(root: Path, *words: str, name: str = "one") -> tuple[RunFolder, dict[str, Any]]:
    config, run = compose(root, ["stage=train", *words]), run_of(root, name)
    run.write("config", {"config": config.plain()})
    run.begin("train")
    dataset = base.build_dataset(config, run)
    result = base.train(config, run, dataset, base.build_model(config, dataset))
    run.finish("train")
    return run, result


def test_one_class_a_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = write_task(tmp_path, corpus())
    run, result = train(root, "trainer.balance=0.5", "criterion.class_weights=balanced")
    assert result["best_score"] == 1.0
    scores = base.test(compose(root, ["stage=test"]), run)
    assert scores["accuracy"] == 1.0 and scores["accuracy_unseen"] == 1.0 and scores["texts"] == 18
    capsys.readouterr()
    base.apply(compose(root, ["stage=apply", "apply.text=酒店很好"]), run)
    assert capsys.readouterr().out.splitlines()[0] == "好"


def test_several_classes_a_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = {part: [*given] for part, given in corpus().items()}
    for given in rows.values():
        for number, row in enumerate(given):
            other = given[(number + 1) % len(given)]
            if number % 2:
                row |= {"text": row["text"] + other["text"], "label": [row["label"], other["label"]]}
        given.append({"text": "书", "label": []})
    root = write_task(tmp_path, rows, criterion="binary_cross_entropy", encoding={"separator": "|"})
    run, result = train(root, "trainer.max_epochs=12", "trainer.balance=1", "evaluator.per_class=false")
    assert result["best_score"] > 0.8
    bundle = json.loads((run.bundle / "model" / "config.json").read_text("utf-8"))
    assert 0.0 < bundle["options"]["threshold"] < 1.0 and bundle["options"]["threshold"] != 0.5
    scores = base.test(compose(root, ["stage=test"]), run)
    assert scores["classification_f1_micro"] > 0.85 and "average_precision" in scores
    strict = base.test(compose(root, ["stage=test", "decision.threshold=1.0"]), run)
    assert strict["classification_recall"] < scores["classification_recall"]
    page = sorted(run.reports.glob("test_report*.html"))[0].read_text("utf-8")
    assert "Most confused pairs" not in page  # which of several was taken for which nobody can say
    output = root / "answers.jsonl"
    words = [f"apply.input={root / 'datasets' / 'test.jsonl'}", f"apply.output={output}", "apply.most_scores=1"]
    base.apply(compose(root, ["stage=apply", *words]), run)
    lines = [json.loads(line) for line in output.read_text("utf-8").splitlines()]
    assert len(lines) == 19 and set(lines[0]) == {"line", "text", "classes", "scores"} and len(lines[0]["scores"]) == 1
    capsys.readouterr()


def test_what_is_outside_is_told_by_a_score_that_the_development_part_chose(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = corpus()
    for part in ("development", "test"):
        rows[part] += [
            {"text": f"今天天气{word}", "label": "其他"} for word in ("晴朗", "多云", "下雨", "有风", "下雪", "闷热")
        ]
    root = write_task(tmp_path, rows, encoding={"outside": "其他"})
    run, _ = train(root)
    options = json.loads((run.bundle / "model" / "config.json").read_text("utf-8"))["options"]
    assert options["least_score"] > 0.0
    scores = base.test(compose(root, ["stage=test"]), run)
    assert scores["accuracy_inside"] > 0.7 and scores["outside_recall"] > 0.3
    always = base.test(compose(root, ["stage=test", "decision.least_score=0"]), run)
    assert always["outside_recall"] == 0.0 and always["accuracy_inside"] >= scores["accuracy_inside"]
    capsys.readouterr()


def prepared(root: Path, *words: str) -> dict[str, float]:
    return base.preprocess(compose(root, ["stage=preprocess", *words]), run_of(root, "prepared"))


def test_rows_without_a_class_are_set_aside_and_told(tmp_path: Path) -> None:
    rows = corpus()
    rows["train"] += [
        {"text": "没有类别"},
        {"text": "空", "label": ""},
        {"text": "空", "label": None},
        {"text": "书", "label": {"a": 1}},
    ]
    root = write_task(tmp_path, rows)
    result = prepared(root)
    assert result["rows_train"] == 60 and result["classes"] == 3 and result["rejects"] == 4
    refused = [
        json.loads(line) for line in next((tmp_path / "runs").rglob("*rejects*.jsonl")).read_text("utf-8").splitlines()
    ]
    assert {one["line"] for one in refused} == {61, 62, 63, 64}
    with pytest.raises(DataError) as caught:
        prepared(root, "preprocess.max_rejects=2", "preprocess.force=true")
    assert "max_rejects" in f"{caught.value.message} {caught.value.hint}"


def test_odd_labels_and_texts_are_told_but_not_lost(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    rows = corpus()
    rows["train"] += [
        {"text": "酒店很好", "label": " 好　"},
        {"text": "长" * 900_000, "label": "坏"},
        {"text": " ", "label": "平"},
    ]
    rows["development"] += [{"text": "电脑很慢", "label": "极坏"}]
    root = write_task(tmp_path, rows)
    with caplog.at_level("WARNING"):
        result = prepared(root, "encoding.maximum_length=64")
    assert result["rows_train"] == 63 and result["classes"] == 3 and result["rejects"] == 0
    told = " ".join(record.getMessage() for record in caplog.records)
    assert "1 of 79 texts" in told and "1 texts have a class that no text of the training part has" in told
    assert "the classes of 1 texts are written in another way" in told


@pytest.mark.parametrize(
    ("rows", "words", "code"),
    [
        ([{"text": "书", "label": "好"}] * 3, [], "classification.one_class"),
        ([{"text": "书"}] * 3, [], "classification.no_classes"),
        ([{"text": "书", "kind": "好"}], ["reader.label=null"], "classification.no_classes"),
    ],
)
def test_a_corpus_that_teaches_nothing_is_told(rows: Any, words: list[str], code: str, tmp_path: Path) -> None:
    root = write_task(tmp_path, {**corpus(), "train": rows})
    with pytest.raises(TengjiaError) as caught:
        prepared(root, *words)
    assert caught.value.code in {code, "data.no_examples"}


def test_a_wrong_separator_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    rows = corpus()
    rows["train"] += [{"text": f"书{number}", "label": "好;坏"} for number in range(3)]
    root = write_task(tmp_path, rows)
    with caplog.at_level("WARNING"):
        prepared(root)
        prepared(root, "encoding.separator=|", "criterion=binary_cross_entropy")
    told = [record.getMessage() for record in caplog.records]
    assert any("encoding.separator=';'" in line for line in told)
    assert any("every text of the training part has exactly one class" in line for line in told)


@pytest.mark.parametrize(
    ("separator", "criterion", "words"),
    [("|", "cross_entropy", "has several a text"), ("", "binary_cross_entropy", "has one a text")],
)
def test_the_criterion_must_fit_the_answers(separator: str, criterion: str, words: str, tmp_path: Path) -> None:
    root = write_task(tmp_path, corpus(), criterion=criterion, encoding={"separator": separator})
    with pytest.raises(ConfigurationError) as caught:
        train(root)
    assert caught.value.code == "model.criterion_for_other_answers" and words in caught.value.message
    assert "encoding.separator" in caught.value.hint


def test_weights_of_classes_that_are_not_there_are_told(tmp_path: Path) -> None:
    root = write_task(tmp_path, corpus(), criterion="focal")
    task = root / "src/applications/shop/tasks/reviews/config_task_training.yaml"
    task.write_text(task.read_text("utf-8") + "criterion: {weight_of: {好的: 2.0}}\n", "utf-8")
    with pytest.raises(ConfigurationError) as caught:
        train(root)
    assert caught.value.code == "model.unknown_class_weight" and "nearest: 好" in caught.value.message


def test_hostile_files_of_texts_are_answered_line_by_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = write_task(tmp_path, corpus())
    run, _ = train(root, "trainer.max_steps=2")
    given = root / "given.jsonl"
    good = [
        json.dumps({"text": text}, ensure_ascii=False) for text in ("酒店很好", "书" * 500_000, "\u202e\u0000x", "。")
    ]
    given.write_text("\n".join([good[0], "{", '{"txt": "x"}', good[1], '{"text": 7}', *good[2:], ""]), "utf-8")
    counts = base.apply(compose(root, ["stage=apply", f"apply.input={given}"]), run)
    lines = [json.loads(line) for line in (root / "given.classes.jsonl").read_text("utf-8").splitlines()]
    assert [line["line"] for line in lines] == [1, 4, 6, 7] and counts["rejects"] == 3 and counts["texts"] == 4
    assert all(set(line) == {"line", "text", "class", "score", "scores"} for line in lines)
    capsys.readouterr()


def test_folds_that_learnt_other_classes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = {"train": [*reviews(30, "train"), {"text": "只此一例", "label": "罕见"}]}
    root = write_task(tmp_path, rows)
    config = compose(
        root, ["stage=cross_validate", "folds=3", "trainer.max_epochs=8", "callbacks.evaluation.log_samples=0"]
    )
    run = run_of(root, "folds")
    run.write("config", {"config": config.plain()})
    result = base.cross_validate(config, run)
    assert result["texts"] == 31 and result["classification_recall/罕见"] == 0.0 and result["accuracy"] > 0.3
    capsys.readouterr()


def test_a_model_that_counts_first(tmp_path: Path) -> None:
    root = write_task(tmp_path, corpus())
    words = ["stage=train", "model=ngram_linear", "model.buckets=4096", "optimizer.lr=0.05", "trainer.max_epochs=4"]
    config, run = compose(root, words), run_of(root, "counted")
    run.write("config", {"config": config.plain()})
    run.begin("train")
    dataset = base.build_dataset(config, run)
    model: Any = base.build_model(config, dataset)
    told = model.telling.rarity
    assert bool((told == 0).any()) and float(told.max()) > 1.0  # rare n-grams tell nothing, the others by their rarity
    again: Any = base.build_model(config, dataset)
    assert torch.equal(again.telling.ratio, model.telling.ratio)
    result = base.train(config, run, dataset, model)
    assert result["best_score"] > 0.9
    pipeline = base.TextClassificationPipeline.load(run.bundle)
    assert torch.equal(pipeline.model.telling.rarity, told) and pipeline("房间不错，喜欢").label == "好"
