"""Small encodings, pipelines and tasks of requests with intents and slots."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import torch

from src.tests.base_tasks.project import _STEPS
from tengjia.base_tasks.joint_intent_slot.decision import Options
from tengjia.base_tasks.joint_intent_slot.encoding import Encoding
from tengjia.base_tasks.joint_intent_slot.pipeline import JointIntentSlotPipeline
from tengjia.base_tasks.sequence_labeling.encoding import Encoding as TagEncoding
from tengjia.base_tasks.stages.blueprint import Blueprint
from tengjia.base_tasks.texts.encoder import TextEncoder
from tengjia.contracts import Inputs
from tengjia.data.classes import Classes
from tengjia.data.labels import LabelSet
from tengjia.data.vocabulary import Vocabulary
from tengjia.registry import models, tokenizers
from tengjia.utilities.randomness import generator_for

REPOSITORY = Path(__file__).parents[3]
CHARACTERS = "找北京上海的测试会计岗位投简历给云帆青禾天气怎么样多少钱讲笑话"
INTENTS = ("apply", "outside", "search")
TYPES = ("city", "post")


def make_encoding(intents: tuple[str, ...] = INTENTS, **values: Any) -> Encoding:
    """An encoding of characters."""
    config = Encoding.Config(**{"scheme": "bio", "overlap": 4, **values})
    settings = {"name": "character"}
    texts = TextEncoder(
        config,
        tokenizer=tokenizers.build(settings),
        tokenizer_settings=settings,
        vocabulary=Vocabulary(("<pad>", "<unk>", *dict.fromkeys(CHARACTERS))),
    )
    counts = dict.fromkeys(intents, 2)
    return Encoding(TagEncoding(config, texts, LabelSet("bio", TYPES)), Classes(intents, counts=counts, texts=6))


def make_pipeline(
    options: Options | None = None, *, crf: bool = True, seed: int = 1, **values: Any
) -> JointIntentSlotPipeline:
    """A pipeline with weights drawn at random, large enough for varied answers."""
    encoding = make_encoding(**values)
    settings = {"name": "bilstm_joint", "embedding_size": 8, "hidden_size": 8, "crf": crf, "interaction": "none"}
    inputs = Inputs(**encoding.inputs())
    torch.manual_seed(seed)
    built = models.build(settings, inputs=inputs)
    with torch.no_grad():
        for weight in built.parameters():
            weight.normal_(std=0.8)
    return JointIntentSlotPipeline(built, encoding, Blueprint.of(settings, inputs), options=options)


CITIES, POSTS = ("北京", "上海"), ("测试", "会计")
OUTSIDE = ("讲个笑话", "{}天气怎么样", "{}多少钱", "怎么样")


def requests(count: int, part: str) -> list[dict[str, Any]]:
    """Rows of requests: three intents, one of them outside."""
    random = generator_for("requests", part)
    rows = []
    for number in range(count):
        city, post = CITIES[random.integers(2)], POSTS[random.integers(2)]
        intent = ("search", "apply", "outside")[number % 3]
        spans: list[tuple[str, str]] = [(city, "city"), (post, "post")]
        text = {"search": f"找{city}的{post}岗位", "apply": f"给{city}{post}投简历"}.get(intent, "")
        if intent == "outside":
            text, spans = OUTSIDE[random.integers(4)].format(city), []
        text = f"{text}{number % 9}"
        marked = [{"start": text.index(word), "end": text.index(word) + 2, "type": kind} for word, kind in spans]
        rows.append({"text": text, "label": intent, "spans": marked})
    return rows


def corpus() -> dict[str, list[dict[str, Any]]]:
    """Three parts."""
    return {part: requests(count, part) for part, count in (("train", 90), ("development", 24), ("test", 30))}


PROJECT = """\
app: shop
task: requests
stage: train
seed: 1
dataset_root: datasets
bert_model_root: encoders
word_vector_root: vectors
check_point_root: runs
log_root: logs
cache_root: cache
"""
COMMON: dict[str, Any] = {"base_task": "joint_intent_slot", "reader": {"label": "label"}}
TRAINING: dict[str, Any] = {
    "encoding": {"outside": "outside"},
    "model": {"embedding_size": 16, "hidden_size": 16, "dropout": 0.1, "embedding_dropout": 0.1},
    "optimizer": {"lr": 0.03},
    "trainer": {
        "max_epochs": 6,
        "batch_size": 8,
        "device": "cpu",
        "threads": 1,
        "monitor": "sentence_accuracy",
        "average": "examples",
    },
    "preprocess": {"workers": 0},
    "golden": {"count": 3},
    "callbacks": {"progress": {"enabled": False}, "evaluation": {"log_samples": 2}},
}


def write_task(root: Path, rows: Mapping[str, Iterable[Mapping[str, Any]]], **training: Any) -> Path:
    """A project with one task on the given rows; gives its root."""
    (root / "config_project.yaml").write_text(PROJECT, "utf-8")
    (root / "run_modeling.py").write_text((REPOSITORY / "run_modeling.py").read_text("utf-8"), "utf-8")
    (root / "datasets").mkdir(exist_ok=True)
    for part, given in rows.items():
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in given)
        (root / "datasets" / f"{part}.jsonl").write_text(lines, "utf-8")
    task = root / "src" / "applications" / "shop" / "tasks" / "requests"
    task.mkdir(parents=True, exist_ok=True)
    for folder in (task, *task.parents):
        if folder.is_relative_to(root / "src"):
            (folder / "__init__.py").touch()
    for name, program in _STEPS.items():
        (task / f"{name}.py").write_text(program.format(base="joint_intent_slot"), "utf-8")
    parts = {part: [f"{part}.jsonl"] for part in rows}
    chosen = ["dataset: files", "reader: json_lines", "evaluator: joint_intent_slot"]
    trained = ["tokenizer: character", "vectors: null", "model: bilstm_joint", "criterion: joint"]
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
    said = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in values.items()]
    file.write_text("\n".join([*lines, *said]) + "\n", "utf-8")
