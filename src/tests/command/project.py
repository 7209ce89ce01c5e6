"""A small project on disk for tests of the command: the true modules of the library, steps that take no time."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).parents[3]

PROJECT = """\
app: demo_app
task: ner
stage: train
seed: 1
"""

TRAINING = """\
# @package _global_
defaults:
  - /config_project
  - dataset: files
  - reader: columns
  - tokenizer: character
  - vectors: null
  - model: bilstm_crf
  - criterion: crf
  - optimizer: adamw
  - schedule: cosine
  - evaluator: entity_f1
  - trainer: default
  - _self_

base_task: sequence_labeling

dataset:
  train: [ner/train.txt]

reader:
  scheme: bmes
"""

TESTING = """\
# @package _global_
defaults:
  - /config_project
  - dataset: files
  - reader: columns
  - evaluator: entity_f1
  - tester: default
  - _self_

base_task: sequence_labeling

dataset:
  test: [ner/train.txt]
"""

TRAIN = '''\
"""Stage `train` that takes no time."""

import json
import os
import sys
from pathlib import Path


def train_model(config, run):
    rate = config.optimizer.lr
    with open(Path(config.check_point_root) / "trained.txt", "a") as file:
        file.write(f"{rate} {os.environ.get('RANK', '-')}\\n")
    if rate == 0.5:
        raise ValueError("this job has a bug")
    if rate == 0.25:
        from tengjia.errors import TrainingError

        raise TrainingError("run.bad_name", found="a reason")
    if rate == 0.125:
        from tengjia.errors import Interrupted

        raise Interrupted(15, "all is saved.")
    if run.primary:
        print("TRAIN", json.dumps(config.plain(), ensure_ascii=False), "torch" in sys.modules)
    return {"best_score": 1.0 - rate, "direction": "max", "monitor": "entity_f1"}
'''

TEST = '''\
"""Stage `test` that takes no time."""

import json


def test_model(config, run):
    print("TEST", json.dumps(config.plain(), ensure_ascii=False), run.id)
    return {"entity_f1": 0.5}
'''

STEP = '''\
"""Stage `{name}` that takes no time."""


def {name}(config, run):
    print("{upper}", run.id)
'''


def write_project(root: Path) -> Path:
    """A project with one task; gives its root."""
    task = root / "src" / "applications" / "demo_app" / "tasks" / "ner"
    task.mkdir(parents=True)
    for folder in (root / "src", task.parents[2], task.parents[1], task.parents[0], task):
        (folder / "__init__.py").write_text("", "utf-8")
    (root / "run_modeling.py").write_text((REPOSITORY / "run_modeling.py").read_text("utf-8"), "utf-8")
    (root / "config_project.yaml").write_text(PROJECT, "utf-8")
    (task / "config_task_training.yaml").write_text(TRAINING, "utf-8")
    (task / "config_task_testing.yaml").write_text(TESTING, "utf-8")
    (task / "train_model.py").write_text(TRAIN, "utf-8")
    (task / "test_model.py").write_text(TEST, "utf-8")
    for name in ("preprocess", "apply", "distil"):
        (task / f"{name}.py").write_text(STEP.format(name=name, upper=name.upper()), "utf-8")
    corpus = root / "resources" / "datasets" / "ner" / "train.txt"
    corpus.parent.mkdir(parents=True)
    corpus.write_text("张\tB-NAME\n三\tE-NAME\n", "utf-8")
    return root


def task_folder(root: Path) -> Path:
    """Folder of the one task."""
    return root / "src" / "applications" / "demo_app" / "tasks" / "ner"


def run_modeling(root: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own."""
    environment = {**os.environ, "TENGJIA_LANG": "en", "OMP_NUM_THREADS": "1", **variables}
    return subprocess.run(
        [sys.executable, str(root / "run_modeling.py"), *words],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
