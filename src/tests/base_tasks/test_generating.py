"""Evaluation by texts that are really written, while several processes hold the weights in parts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from src.tests.trainer.group import run_processes, survived
from tengjia.bundle.folder import WEIGHTS
from tengjia.registry import scope, set_scope

from .generating import TRANSFORMER, train
from .project import change_model, write_project


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    """The project."""
    before, threads = scope(), torch.get_num_threads()
    torch.set_num_threads(1)
    yield write_project(tmp_path)
    torch.set_num_threads(threads)
    set_scope(before)


@pytest.mark.slow
@pytest.mark.parametrize("model", ["transformer", "bilstm_attention_seq2seq"])
def test_two_processes_write_what_one_does(root: Path, model: str) -> None:
    more = []
    if model == "transformer":
        change_model(root, "sequence_to_sequence", model, TRANSFORMER)
    else:
        more = ["model.dropout=0.0"]
    alone = train(root, "alone", "single", *more)
    assert alone["monitor"] == "chrf" and alone["best_score"] > 0

    def spread(name: str) -> tuple[str, list[str]]:
        return name, run_processes("src.tests.base_tasks.generating", str(root), name, "fsdp", *more)

    name, (first, second) = survived(spread)
    together = json.loads(first)
    assert second == ""
    for measure in ("best_score", "train_loss", "units"):
        assert together[measure] == pytest.approx(alone[measure], rel=1e-6), measure
    folder = root / "runs" / "kit" / "sequence_to_sequence"
    one, two = (load_file(folder / run / "bundle" / WEIGHTS) for run in ("alone", name))
    assert one.keys() == two.keys()
    assert [name for name, weight in one.items() if not torch.allclose(two[name], weight, rtol=1e-6, atol=1e-8)] == []
