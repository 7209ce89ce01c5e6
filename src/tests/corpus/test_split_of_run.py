"""The test part of a run is the one that was held back when it was trained."""

from __future__ import annotations

from pathlib import Path

import pytest

from tengjia.base_tasks.stages.corpus import read_examples
from tengjia.config import Settings
from tengjia.runs import RunFolder


@pytest.fixture
def values(tmp_path: Path) -> dict:
    (tmp_path / "train.txt").write_text("".join(f"第 O\n{n} S-N\n\n" for n in range(300)), "utf-8")
    return {
        "dataset": {"name": "files", "train": ["train.txt"]},
        "reader": {"name": "columns", "scheme": "bmes"},
        "dataset_root": str(tmp_path),
        "cache_root": str(tmp_path / "cache"),
        "preprocess": {"workers": 1},
    }


def held_back_in(values: dict, run: RunFolder) -> set[str]:
    return {example.text for example in read_examples(Settings(values), run)["test"]}


def test_the_split_of_the_run_holds_in_its_test(tmp_path, values):
    trained = {**values, "split": {"seed": 7, "test": 0.2}, "sampling": {"longest_outside": 3}}
    run = RunFolder.create(tmp_path / "runs", seed=1, app="a", task="t", name="one")
    held_back = held_back_in(trained, run)
    other = RunFolder.create(tmp_path / "runs", seed=1, app="a", task="t", name="other")
    assert held_back_in(values, other) != held_back, "the default split is another one"
    run.write("config", {"config": trained, "origins": {}})
    assert held_back_in({**values, "split": None}, run) == held_back
    assert len(held_back) > 30
