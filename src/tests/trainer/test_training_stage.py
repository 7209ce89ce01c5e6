"""Stage `train` on the committed sample, by the real command line: bundle, results, curves, stop and resume."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from safetensors.torch import load_file

from tengjia.base_tasks.stages.training import require_monitored
from tengjia.checkpoint import Checkpoint, CheckpointStore
from tengjia.data.labels import LabelSet
from tengjia.errors import TrainingError
from tengjia.registry import evaluators
from tengjia.runs import select_run

ROOT = Path(__file__).parents[3]
SETTINGS = [
    "task=ner",
    "stage=train",
    "model.embedding_size=16",
    "model.hidden_size=16",
    "trainer.threads=1",
    "trainer.device=cpu",
    "callbacks.evaluation.log_samples=2",
]


def command(folder: Path, *more: str) -> list[str]:
    """The command line of a small training below a folder."""
    places = {"check_point_root": "runs", "log_root": "logs", "cache_root": "cache"}
    roots = [f"{key}={folder / name}" for key, name in places.items()]
    return [sys.executable, str(ROOT / "run_modeling.py"), *SETTINGS, *roots, *more]


def environment() -> dict[str, str]:
    return {**os.environ, "OMP_NUM_THREADS": "1", "TENGJIA_LANG": "en"}


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which one training has come to its end."""
    folder = tmp_path_factory.mktemp("stage")
    done = subprocess.run(
        command(folder, "run=whole", "trainer.max_steps=12"),
        env=environment(),
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.returncode == 0, done.stderr
    assert "    gold       " in done.stderr + done.stdout and "    predicted  " in done.stderr + done.stdout
    return folder


@pytest.mark.slow
def test_what_a_training_leaves(workplace: Path) -> None:
    run = select_run(workplace / "runs/demo_app/ner", "latest")
    result = json.loads((run.path / "train_result.json").read_text())
    assert (result["monitor"], result["direction"], result["steps"], result["qualified"]) == (
        "entity_f1",
        "max",
        12,
        True,
    )
    assert all(not isinstance(value, dict | list) for value in result.values())
    assert (run.reports / "curves.png").is_file() and (run.reports / "curves.html").is_file()
    best = CheckpointStore(run.checkpoints).newest("best-")
    assert best is not None
    bundled = load_file(run.bundle / "model/weights.safetensors")
    assert all((bundled[name] == weight).all() for name, weight in best.tensors["weights"].items())
    assert run.about()["compute"]["threads"] == 1


@pytest.mark.slow
def test_weights_of_another_run_to_start_from(workplace: Path) -> None:
    more = ["run=second", "trainer.max_steps=1", "optimizer.lr=1e-9", "trainer.initial_weights=whole"]
    more += ["trainer.monitor=entity_f1/NAME"]  # one type decides which weights are the best
    subprocess.run(command(workplace, *more), env=environment(), check=True, capture_output=True, timeout=240)
    first, second = (select_run(workplace / "runs/demo_app/ner", name) for name in ("whole", "second"))
    start = CheckpointStore(first.checkpoints).newest("best-")
    end = CheckpointStore(second.checkpoints).newest()
    assert start is not None and end is not None and end.state["training"]["step"] == 1
    for name, weight in start.tensors["weights"].items():
        assert (end.tensors["weights"][name] - weight).abs().max() < 1e-6
    result = json.loads((second.path / "train_result.json").read_text())
    scores = next(point for point in second.metrics() if "entity_f1/NAME" in point)
    assert (result["monitor"], result["direction"]) == ("entity_f1/NAME", "max")
    assert result["best_score"] == scores["entity_f1/NAME"]


def test_a_type_that_the_data_do_not_have_is_told_before_the_first_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TENGJIA_LANG", "en")
    evaluator = evaluators.build({"name": "entity_f1"}, labels=LabelSet("bio", ("LOC", "NAME", "ORG")))
    for fine in ("entity_f1", "loss", "entity_recall/ORG"):
        require_monitored(fine, evaluator)
    with pytest.raises(TrainingError) as caught:
        require_monitored("entity_f1/NAMES", evaluator)
    assert caught.value.message == (
        "the evaluation gives no `entity_f1/NAMES` to monitor; it gives: entity_f1/LOC, entity_f1/NAME, entity_f1/ORG"
    )
    assert "nearest: entity_f1/NAME" in caught.value.hint
    monkeypatch.setenv("TENGJIA_LANG", "zh")
    assert "最接近：entity_f1/NAME" in caught.value.hint


@pytest.mark.slow
@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_stopped_training_goes_on(number: signal.Signals, code: int, workplace: Path) -> None:
    name = f"stopped{code}"
    settings = ["trainer.max_epochs=500", "callbacks.checkpoint.unit=steps", "callbacks.checkpoint.every=2"]
    folder = workplace / "runs/demo_app/ner" / name
    with subprocess.Popen(
        command(workplace, f"run={name}", *settings), env=environment(), stderr=subprocess.PIPE, text=True
    ) as process:
        deadline = time.monotonic() + 120
        while not list(folder.glob("checkpoints/step-*")) and time.monotonic() < deadline:
            time.sleep(0.05)
        asked = time.monotonic()
        process.send_signal(number)
        words = process.communicate(timeout=60)[1]
    assert process.returncode == code
    assert time.monotonic() - asked < 10
    assert "everything needed to go on is in" in words and "resume=auto" in words
    stopped = CheckpointStore(folder / "checkpoints").newest()
    assert stopped is not None
    if number == signal.SIGTERM:  # to go on is the same after either; it takes some seconds
        goes_on(workplace, name, stopped, settings)


def goes_on(workplace: Path, name: str, stopped: Checkpoint, settings: list[str]) -> None:
    steps = stopped.state["training"]["step"]
    more = [f"resume={name}", *settings, f"trainer.max_steps={steps + 2}"]
    done = subprocess.run(command(workplace, *more), env=environment(), capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr
    assert f"resumed from {stopped.name}" in done.stderr + done.stdout
    result = workplace / "runs/demo_app/ner" / name / "train_result.json"
    assert json.loads(result.read_text())["steps"] == steps + 2
