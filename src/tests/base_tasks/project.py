"""A project on disk with one small task of every base task: true modules, a corpus made by rule, step files."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tengjia.utilities.randomness import generator_for

REPOSITORY = Path(__file__).parents[3]
APPLICATION = "kit"
COUNTS = {"train": 48, "development": 16, "test": 16}

_PROJECT = """\
app: kit
task: sequence_labeling
stage: train
seed: 1
dataset_root: datasets
bert_model_root: encoders
word_vector_root: vectors
check_point_root: runs
log_root: logs
cache_root: cache
"""

_STEPS = {
    "preprocess": """\
from tengjia.base_tasks import {base} as base


def preprocess(config, run):
    return base.preprocess(config, run)
""",
    "build_dataset": """\
from tengjia.base_tasks import {base} as base


def build_dataset(config, run):
    return base.build_dataset(config, run)
""",
    "build_model": """\
from tengjia.base_tasks import {base} as base


def build_model(config, dataset):
    return base.build_model(config, dataset)
""",
    "train_model": """\
from tengjia.base_tasks import {base} as base

from .build_dataset import build_dataset
from .build_model import build_model


def train_model(config, run):
    dataset = build_dataset(config, run)
    return base.train(config, run, dataset, build_model(config, dataset))
""",
    "cross_validate": """\
from tengjia.base_tasks import {base} as base


def cross_validate(config, run):
    return base.cross_validate(config, run)
""",
    "test_model": """\
from tengjia.base_tasks import {base} as base


def test_model(config, run):
    return base.test(config, run)
""",
    "apply": """\
from tengjia.base_tasks import {base} as base


def apply(config, run):
    return base.apply(config, run)
""",
}

_KILL = '''\
"""Ends the process in the middle, as want of memory does: nothing is saved on the way out."""

import os
import signal
from dataclasses import dataclass

from tengjia.registry import callbacks
from tengjia.training.callback import Callback


@callbacks.register("kill")
class Kill(Callback):
    @dataclass(frozen=True)
    class Config:
        enabled: bool = True
        """Whether to look for the variable."""

    def __init__(self, config: Config) -> None:
        self.config = config

    def on_step_end(self, context):
        if str(context.state.step) == os.environ.get("KIT_KILL_AFTER"):
            os.kill(os.getpid(), signal.SIGKILL)
'''

_TRAINING = {
    "trainer": {
        "max_steps": 12,
        "max_epochs": 1000,
        "batch_size": 8,
        "device": "cpu",
        "threads": 1,
        "strategy": "auto",
    },
    "optimizer": {"lr": 0.01},
    "preprocess": {"workers": 0},
    "golden": {"count": 3},
    "callbacks": {"evaluation": {"every": 4, "unit": "steps", "log_samples": 2}, "progress": {"enabled": False}},
}


@dataclass(frozen=True)
class Kit:
    """What a small task of a base task is made of."""

    row: Callable[[int, Any], dict[str, Any]]
    """`(number, generator)` -> a row of `json_lines`."""

    model: dict[str, Any]
    criterion: str
    evaluator: str
    monitor: str
    reader: dict[str, Any] = field(default_factory=dict)
    encoding: dict[str, Any] = field(default_factory=dict)
    example: Callable[[dict[str, Any]], tuple[Any, Any]] = lambda row: (row["text"], row["label"])
    """A row -> question and answer, as `AutoTrainerPipeline` takes them."""

    apply: dict[str, Any] = field(default_factory=dict)
    """The section `apply`, besides input and output."""


_NAMES = "林沈苏高赵"
_PLACES = ("云山", "东湖", "北屿")
_VERBS = {"travel": "前往", "work": "就职于", "study": "毕业于"}


def _tagged(number: int, random: Any) -> dict[str, Any]:
    name = _NAMES[random.integers(5)] + "清远若兰"[random.integers(4)]
    kind = sorted(_VERBS)[number % 3]
    place = _PLACES[random.integers(3)]
    text = f"{name}{_VERBS[kind]}{place}。"
    start = len(name) + len(_VERBS[kind])
    spans = [[0, len(name), "NAME"], [start, start + len(place), "PLACE"]]
    return {"text": text, "spans": spans, "label": kind}


def _pair(number: int, random: Any) -> dict[str, Any]:
    one, other = _tagged(number, random), _tagged(number + int(random.integers(2)), random)
    return {
        "text": one["text"],
        "second": other["text"],
        "score": float(one["label"] == other["label"]),
        "asked": one["label"],
    }


def _written(number: int, random: Any) -> dict[str, Any]:
    text = _tagged(number, random)["text"]
    return {"text": text, "target": text[::-1]}


def _spans(row: dict[str, Any]) -> tuple[Any, Any]:
    return row["text"], [tuple(span) for span in row["spans"]]


KITS: dict[str, Kit] = {
    "sequence_labeling": Kit(
        _tagged,
        {"name": "bilstm_crf", "embedding_size": 8, "hidden_size": 8},
        "crf",
        "entity_f1",
        "entity_f1",
        example=_spans,
    ),
    "text_classification": Kit(
        _tagged,
        {"name": "text_cnn", "embedding_size": 8},
        "cross_entropy",
        "classification_f1",
        "classification_f1",
        reader={"spans": None, "label": "label"},
    ),
    "text_matching": Kit(
        _pair,
        {"name": "siamese_bilstm", "embedding_size": 8, "hidden_size": 8},
        "cosine",
        "pair_f1",
        "pair_roc_auc",
        reader={"spans": None, "extra": ["second", "score", "asked"]},
        encoding={"group": "asked"},
        example=lambda row: ((row["text"], row["second"]), row["score"]),
        apply={"second_column": "second"},
    ),
    "joint_intent_slot": Kit(
        _tagged,
        {"name": "bilstm_joint", "embedding_size": 8, "hidden_size": 8},
        "joint",
        "joint_intent_slot",
        "joint_score",
        reader={"label": "label"},
        example=lambda row: (row["text"], (row["label"], _spans(row)[1])),
    ),
    "sequence_to_sequence": Kit(
        _written,
        {"name": "bilstm_attention_seq2seq", "embedding_size": 16, "hidden_size": 16},
        "cross_entropy",
        "perplexity",
        "perplexity",
        reader={"spans": None, "extra": ["target"]},
        example=lambda row: (row["text"], row["target"]),
    ),
}


def write_project(root: Path) -> Path:
    """Write the project; gives its root."""
    (root / "run_modeling.py").write_text((REPOSITORY / "run_modeling.py").read_text("utf-8"), "utf-8")
    (root / "config_project.yaml").write_text(_PROJECT, "utf-8")
    for base in KITS:
        _write_task(root, base)
    callbacks = root / "src" / "modules" / "trainer" / "callbacks"
    callbacks.mkdir(parents=True)
    (callbacks / "kill.py").write_text(_KILL, "utf-8")
    for folder in (root / "src").rglob("*"):
        if folder.is_dir():
            (folder / "__init__.py").touch()
    (root / "src" / "__init__.py").touch()
    return root


def _write_task(root: Path, base: str) -> None:
    kit, data = KITS[base], root / "datasets" / base
    data.mkdir(parents=True)
    for part in COUNTS:
        lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows(base, part))
        (data / f"{part}.jsonl").write_text("".join(lines), "utf-8")
    task = root / "src" / "applications" / APPLICATION / "tasks" / base
    task.mkdir(parents=True)
    for name, program in _STEPS.items():
        (task / f"{name}.py").write_text(program.format(base=base), "utf-8")
    parts = {part: [f"{base}/{part}.jsonl"] for part in COUNTS}
    common = {"base_task": base, "dataset": parts, "reader": kit.reader}
    name, *_ = kit.model.values()
    chosen = ["dataset: files", "reader: json_lines", f"evaluator: {kit.evaluator}"]
    trained = ["tokenizer: character", "vectors: null", f"model: {name}", f"criterion: {kit.criterion}"]
    trained += ["optimizer: adamw", "schedule: null", "trainer: default"]
    model = {key: value for key, value in kit.model.items() if key != "name"}
    values = {**common, **_TRAINING, "model": model, "encoding": kit.encoding}
    values["trainer"] = {**_TRAINING["trainer"], "monitor": kit.monitor}
    _write_config(task / "config_task_training.yaml", [*chosen, *trained], values)
    testing = {**common, "tester": {"device": "cpu", "samples": 20, "compare_samples": 20}}
    testing["apply"] = {"device": "cpu", **kit.apply}
    _write_config(task / "config_task_testing.yaml", [*chosen, "tester: default"], testing)


def _write_config(file: Path, defaults: list[str], values: dict[str, Any]) -> None:
    lines = [
        "# @package _global_",
        "defaults:",
        "  - /config_project",
        *(f"  - {one}" for one in defaults),
        "  - _self_",
    ]
    said = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in values.items() if value != {}]
    file.write_text("\n".join([*lines, *said]) + "\n", "utf-8")


def change_model(root: Path, base: str, model: str, parameters: dict[str, Any]) -> None:
    """Let the task of a base task have another model."""
    config = root / "src" / "applications" / APPLICATION / "tasks" / base / "config_task_training.yaml"
    lines = config.read_text("utf-8").splitlines()
    own, said = f"- model: {KITS[base].model['name']}", f"model: {json.dumps(parameters)}"
    changed = [said if line.startswith("model: ") else line.replace(own, f"- model: {model}") for line in lines]
    config.write_text("\n".join(changed) + "\n", "utf-8")


def rows(base: str, part: str) -> Iterator[dict[str, Any]]:
    """The rows of a part."""
    random = generator_for("kit", base, part)
    return (KITS[base].row(number, random) for number in range(COUNTS[part]))
