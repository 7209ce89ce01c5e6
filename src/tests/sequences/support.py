"""Small encodings, pipelines and tasks of texts that are written: Chinese digits in English words."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import torch

from tengjia.base_tasks.sequence_to_sequence.encoding import Encoding
from tengjia.base_tasks.sequence_to_sequence.pipeline import SequenceToSequencePipeline
from tengjia.base_tasks.sequence_to_sequence.vocabularies import Borders, bordered, second_encoder
from tengjia.base_tasks.stages.blueprint import Blueprint
from tengjia.base_tasks.texts.encoder import TextEncoder
from tengjia.contracts import Inputs
from tengjia.data.vocabulary import Vocabulary
from tengjia.layers.generation.options import Generation
from tengjia.registry import models, tokenizers
from tengjia.utilities.randomness import generator_for

REPOSITORY = Path(__file__).parents[3]
DIGITS = "一二三四五六七八九"
WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
TOKENIZER = {"name": "byte_pair", "size": 60, "spaces": True}


def pairs(count: int, part: str) -> list[dict[str, str]]:
    """Rows of digits and words, the same every time."""
    random = generator_for("digits", part)
    rows = []
    for _ in range(count):
        numbers = random.integers(0, 9, int(random.integers(2, 6))).tolist()
        text, target = "".join(DIGITS[number] for number in numbers), " ".join(WORDS[number] for number in numbers)
        rows.append({"text": text + "。", "target": target + "."})
    return rows


def make_encoding(*, chinese: bool = False, tokenizer: Mapping[str, Any] = TOKENIZER, **values: Any) -> Encoding:
    """An encoding learnt from a few rows."""
    config = Encoding.Config(**values)
    rows = pairs(60, "train")
    cutter = tokenizers.build(dict(tokenizer))
    sources, targets = [row["text"] for row in rows], [f" {row['target']}" for row in rows]
    cutter.fit([*sources, *targets] if config.joint else sources)
    given = cutter.vocabulary() or ["<pad>", "<unk>", *sorted({p for t in sources for p in cutter.tokenize(t).pieces})]
    texts = TextEncoder(
        config, tokenizer=cutter, tokenizer_settings=dict(tokenizer), vocabulary=Vocabulary.given(given)
    )
    borders = Borders.of(config, cutter)
    second = None if config.joint else bordered(second_encoder(config, texts, targets), borders)
    return Encoding(config, bordered(texts, borders), borders, chinese=chinese, targets=second)


def make_pipeline(options: Generation.Config | None = None, seed: int = 1, **values: Any) -> SequenceToSequencePipeline:
    """A pipeline with weights drawn at random."""
    encoding = make_encoding(**values)
    sizes = {"hidden_size": 16, "heads": 2, "feed_forward_size": 24, "encoder_layers": 1, "decoder_layers": 1}
    settings = {"name": "transformer", **sizes}
    inputs = Inputs(**encoding.inputs())
    torch.manual_seed(seed)
    model = models.build(settings, inputs=inputs)
    chosen = options or Generation.Config(maximum_length=12)
    return SequenceToSequencePipeline(model, encoding, Blueprint.of(settings, inputs), options=chosen)


PROJECT = """\
app: shop
task: digits
stage: train
seed: 1
dataset_root: datasets
bert_model_root: encoders
word_vector_root: vectors
check_point_root: runs
log_root: logs
cache_root: cache
"""
COMMON: dict[str, Any] = {
    "base_task": "sequence_to_sequence",
    "reader": {"spans": None, "label": None, "extra": ["target"]},
}
TRAINING: dict[str, Any] = {
    "tokenizer": {"size": 60, "spaces": True},
    "model": {
        "hidden_size": 32,
        "heads": 2,
        "feed_forward_size": 64,
        "encoder_layers": 1,
        "decoder_layers": 1,
        "dropout": 0.0,
    },
    "encoding": {"maximum_length": 20, "target_maximum_length": 20},
    "optimizer": {"lr": 0.01},
    "trainer": {"max_epochs": 12, "batch_size": 16, "device": "cpu", "threads": 1, "monitor": "perplexity"},
    "preprocess": {"workers": 0, "max_rejects": 9},
    "golden": {"count": 3},
    "callbacks": {"progress": {"enabled": False}, "evaluation": {"log_samples": 1}},
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
    task = root / "src" / "applications" / "shop" / "tasks" / "digits"
    task.mkdir(parents=True, exist_ok=True)
    for folder in (task, *task.parents):
        if folder.is_relative_to(root / "src"):
            (folder / "__init__.py").touch()
    for name, program in _STEPS.items():
        (task / f"{name}.py").write_text(program.format(base="sequence_to_sequence"), "utf-8")
    common = {**COMMON, "dataset": {part: [f"{part}.jsonl"] for part in rows}}
    evaluator = training.pop("evaluator", "perplexity")
    chosen = ["dataset: files", "reader: json_lines"]
    trained = ["tokenizer: byte_pair", "vectors: null", "model: transformer", "criterion: cross_entropy"]
    trained += ["optimizer: adamw", "schedule: null", f"evaluator: {evaluator}", "trainer: default"]
    _write(task / "config_task_training.yaml", [*chosen, *trained], {**common, **TRAINING, **training})
    testing = {**common, "tester": {"device": "cpu", "samples": 20}, "apply": {"device": "cpu"}}
    testing["generation"] = {"beams": 2, "maximum_length": 20}
    _write(task / "config_task_testing.yaml", [*chosen, "evaluator: bleu", "tester: default"], testing)
    return root


def _write(file: Path, defaults: list[str], values: dict[str, Any]) -> None:
    head = [
        "# @package _global_",
        "defaults:",
        "  - /config_project",
        *(f"  - {one}" for one in defaults),
        "  - _self_",
    ]
    said = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in values.items() if value != {}]
    file.write_text("\n".join([*head, *said]) + "\n", "utf-8")
