"""Small encodings, pipelines and tasks of classified texts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import torch

from tengjia.base_tasks.stages.blueprint import Blueprint
from tengjia.base_tasks.text_classification.decision import Options
from tengjia.base_tasks.text_classification.encoding import Encoding
from tengjia.base_tasks.text_classification.pipeline import TextClassificationPipeline
from tengjia.base_tasks.texts.encoder import TextEncoder
from tengjia.contracts import Inputs
from tengjia.data.classes import Classes
from tengjia.data.vocabulary import Vocabulary
from tengjia.registry import models, tokenizers

REPOSITORY = Path(__file__).parents[3]
CHARACTERS = "这家酒店很好太吵了书也不错电脑慢一般ab"
NAMES = ("坏", "好", "平")


def make_encoding(
    names: tuple[str, ...] = NAMES, *, counts: Mapping[str, int] | None = None, **values: Any
) -> Encoding:
    """An encoding of characters."""
    config = Encoding.Config(**values)
    settings = {"name": "character"}
    texts = TextEncoder(
        config,
        tokenizer=tokenizers.build(settings),
        tokenizer_settings=settings,
        vocabulary=Vocabulary(("<pad>", "<unk>", *dict.fromkeys(CHARACTERS))),
    )
    counts = dict.fromkeys(names, 1) if counts is None else counts
    labels = Classes(names, bool(config.separator), dict(counts), sum(counts.values()))
    return Encoding(config, texts, labels)


def make_pipeline(options: Options | None = None, seed: int = 1, **values: Any) -> TextClassificationPipeline:
    """A pipeline with weights drawn at random, large enough for varied answers."""
    encoding = make_encoding(**values)
    settings = {"name": "text_cnn", "embedding_size": 8, "filters": 8, "widths": [1, 2]}
    inputs = Inputs(**encoding.inputs())
    torch.manual_seed(seed)
    built = models.build(settings, inputs=inputs)
    with torch.no_grad():
        for weight in built.parameters():
            weight.normal_(std=0.8)
    return TextClassificationPipeline(built, encoding, Blueprint.of(settings, inputs), options=options)


PROJECT = """\
app: shop
task: reviews
stage: train
seed: 1
dataset_root: datasets
bert_model_root: encoders
word_vector_root: vectors
check_point_root: runs
log_root: logs
cache_root: cache
"""
COMMON: dict[str, Any] = {"base_task": "text_classification", "reader": {"spans": None, "label": "label"}}
TRAINING: dict[str, Any] = {
    "model": {"embedding_size": 16, "filters": 16, "dropout": 0.1, "embedding_dropout": 0.0},
    "optimizer": {"lr": 0.02},
    "trainer": {"max_epochs": 6, "batch_size": 8, "device": "cpu", "threads": 1, "monitor": "accuracy"},
    "preprocess": {"workers": 0, "max_rejects": 9},
    "golden": {"count": 3},
    "callbacks": {"progress": {"enabled": False}, "evaluation": {"log_samples": 2}},
}


def write_task(root: Path, rows: Mapping[str, Iterable[Mapping[str, Any]]], **training: Any) -> Path:
    """A project with one task on the given rows; gives its root."""
    from src.tests.base_tasks.project import _STEPS

    (root / "config_project.yaml").write_text(PROJECT, "utf-8")
    (root / "run_modeling.py").write_text((REPOSITORY / "run_modeling.py").read_text("utf-8"), "utf-8")
    (root / "datasets").mkdir(exist_ok=True)
    for part, given in rows.items():
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in given)
        (root / "datasets" / f"{part}.jsonl").write_text(lines, "utf-8")
    task = root / "src" / "applications" / "shop" / "tasks" / "reviews"
    task.mkdir(parents=True, exist_ok=True)
    for folder in (task, *task.parents):
        if folder.is_relative_to(root / "src"):
            (folder / "__init__.py").touch()
    for name, program in _STEPS.items():
        (task / f"{name}.py").write_text(program.format(base="text_classification"), "utf-8")
    parts = {part: [f"{part}.jsonl"] for part in rows}
    criterion = training.pop("criterion", "cross_entropy")
    chosen = ["dataset: files", "reader: json_lines", "evaluator: classification_f1"]
    trained = ["tokenizer: character", "vectors: null", "model: text_cnn", f"criterion: {criterion}"]
    trained += ["optimizer: adamw", "schedule: null", "trainer: default"]
    common = {**COMMON, "dataset": parts}
    _write(task / "config_task_training.yaml", [*chosen, *trained], {**common, **TRAINING, **training})
    testing = {**common, "tester": {"device": "cpu", "samples": 20}, "apply": {"device": "cpu"}}
    _write(task / "config_task_testing.yaml", [*chosen, "tester: default"], testing)
    return root


def _write(file: Path, defaults: list[str], values: dict[str, Any]) -> None:
    lines = [
        "# @package _global_",
        "defaults:",
        "  - /config_project",
        *(f"  - {one}" for one in defaults),
        "  - _self_",
    ]
    said = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in values.items() if value != {}]
    file.write_text("\n".join([*lines, *said]) + "\n", "utf-8")
