"""Every base task in use: folds, files that may hold anything, stops in the middle, memory that does not grow."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from tengjia.base_tasks.known import base_task
from tengjia.base_tasks.stages import answering
from tengjia.base_tasks.stages.cross_validation import cross_validate
from tengjia.errors import Interrupted
from tengjia.registry import scope, set_scope
from tengjia.runs import RunFolder
from tengjia.utilities.signals import StopRequest

from .memory import environment
from .project import KITS, write_project
from .test_stages import new_run, settings

BASE_TASKS = list(KITS)


@pytest.fixture(scope="module", autouse=True)
def _one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The project."""
    before = scope()
    yield write_project(tmp_path_factory.mktemp("use"))
    set_scope(before)


@pytest.fixture(scope="module")
def run_of(root: Path) -> Any:
    """Base task -> a run of it that left a bundle; each trains once."""
    done: dict[str, RunFolder] = {}

    def trained(base: str) -> RunFolder:
        if base not in done:
            package = importlib.import_module(f"tengjia.base_tasks.{base}")
            config, run = settings(root, base, "train", "trainer.max_steps=2"), new_run(root, base, "used")
            run.begin("train")
            dataset = package.build_dataset(config, run)
            package.train(config, run, dataset, package.build_model(config, dataset))
            run.finish("train")
            done[base] = run
        return done[base]

    return trained


def lines_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@pytest.mark.slow
@pytest.mark.parametrize("base", BASE_TASKS)
def test_every_example_is_held_out_once(root: Path, base: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["folds=2", "trainer.max_steps=2", "callbacks.evaluation.every=2"]
    config, run = settings(root, base, "cross_validate", *words), new_run(root, base, "folds")
    result = cross_validate(base_task(base), config, run)
    kept = [(line["file"], line["line"]) for file in run.folds.glob("*/held_out.jsonl") for line in lines_of(file)]
    assert len(kept) == len(set(kept)) == 48 + 16
    assert result["folds"] == 2 and result[result["monitor"]] == result["best_score"]
    measures = [json.loads(file.read_text("utf-8"))["measures"] for file in sorted(run.folds.glob("*/held_out.json"))]
    chief = result["monitor"]
    assert result[f"{chief}_mean"] == pytest.approx(sum(one[chief] for one in measures) / 2, nan_ok=True)
    page = (run.reports / "cross_validate_report.html").read_text("utf-8")
    assert "Fold by fold" in page and page.index("Fold by fold") < page.index('class="tile')
    assert "held out" in capsys.readouterr().out
    assert cross_validate(base_task(base), config, run) == result  # nothing is done again


@pytest.mark.parametrize("base", BASE_TASKS)
def test_a_stop_in_a_file_goes_on_to_the_same_bytes(
    root: Path, base: str, run_of: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answering, "QUESTIONS_AT_ONCE", 8)
    package, run = importlib.import_module(f"tengjia.base_tasks.{base}"), run_of(base)

    def applied(name: str) -> dict[str, Any]:
        words = [f"apply.input={root / 'datasets' / base / 'train.jsonl'}", f"apply.output={tmp_path / name}"]
        result: dict[str, Any] = package.apply(settings(root, base, "apply", *words), run)
        return result

    whole, asked = applied("whole"), iter(range(4))

    def check(self: StopRequest, saved: str = "") -> None:
        if next(asked, None) is None:
            raise Interrupted(15, saved)

    with monkeypatch.context() as patch:
        patch.setattr(StopRequest, "check", check)
        with pytest.raises(Interrupted, match="texts are answered and kept"):
            applied("stopped")
    assert not (tmp_path / "stopped").exists()
    assert applied("stopped") == whole and whole["texts"] == 48
    assert (tmp_path / "stopped").read_bytes() == (tmp_path / "whole").read_bytes()
    assert not list(tmp_path.glob(".tengjia-*"))


TEXTS = [
    " ",
    "a",
    "？！",
    "\u202e\u200b\ufeff",
    "x" * 3000,
    "林" * 999,
    "\\n\\t",
    "😀👨‍👩‍👧",
    "<script>",
    "１２　３",
    "é",
    "\r",
]
"""Texts that are odd, and texts nonetheless."""

BROKEN = ["", "no json", "[1, 2", '{"text": 7}', '{"text": ""}', "null", '{"txt": "a"}', '{"text": "\\udc80"}']


@pytest.mark.parametrize("base", BASE_TASKS)
def test_odd_and_broken_lines_are_answered_or_told(
    root: Path, base: str, run_of: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    package, source = importlib.import_module(f"tengjia.base_tasks.{base}"), tmp_path / "odd.jsonl"
    odd = [json.dumps({"text": text, "second": "林清远"}) for text in TEXTS]
    mixed = [line for pair in zip(odd, [*BROKEN, *odd]) for line in pair]
    source.write_text("\n".join(mixed) + "\n", "utf-8")
    words = [f"apply.input={source}", f"apply.output={tmp_path / 'out.jsonl'}"]
    result = package.apply(settings(root, base, "apply", *words), run_of(base))
    answered, refused = lines_of(tmp_path / "out.jsonl"), lines_of(tmp_path / "out.jsonl.rejects.jsonl")
    numbers = [line["line"] for line in answered] + [row["line"] for row in refused if row["kind"] == "reject"]
    blank = [number for number, line in enumerate(mixed, 1) if not line]
    assert sorted([*numbers, *blank]) == list(range(1, len(mixed) + 1))
    assert result["rejects"] == 7 and result["texts"] == len(answered) == 16
    assert all(row["message"] and row["file"] == str(source) for row in refused)
    assert "7 lines could not be used" in caplog.text or "7 行" in caplog.text
    for line in answered:
        assert line["text"] in TEXTS
        json.dumps(line, allow_nan=False)


SLOW = frozenset({"sequence_to_sequence"})
"""Base tasks whose models answer piece by piece."""


def grown(root: Path, base: str, small: float, large: float, tmp_path: Path) -> float:
    """By how many MiB a process grows over a file of `large` MB, beyond what it needs for one of `small` MB."""
    words = [str(root), base, str(small), str(large), str(tmp_path)]
    command = [sys.executable, "-m", "src.tests.base_tasks.memory", *words]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, timeout=7200)
    assert done.returncode == 0, done.stderr
    return float(done.stdout.splitlines()[-1])


@pytest.mark.slow
@pytest.mark.parametrize("base", BASE_TASKS)
def test_memory_does_not_grow_with_a_file(root: Path, base: str, run_of: Any, tmp_path: Path) -> None:
    """A small share of what the torture below does."""
    run_of(base)
    assert grown(root, base, *((0.02, 0.06) if base in SLOW else (0.3, 0.9)), tmp_path) < 50


@pytest.mark.torture
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("base", BASE_TASKS)
def test_memory_over_a_large_file(root: Path, base: str, run_of: Any, tmp_path: Path) -> None:
    """200 MB for small models; 2 MB where texts are written piece by piece."""
    run_of(base)
    assert grown(root, base, *((0.4, 2) if base in SLOW else (2, 200)), tmp_path) < 50
