"""Two processes (gloo, CPU) do exactly what one does: DDP and FSDP2, unequal ranks, empty ranks, stop and resume."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from tengjia.distributed import Ranks
from tengjia.training.snapshot import weights

from .group import build, run_group, run_processes, survived
from .toy import ToyData, ToyModel, ToyUnit

CASES: list[dict[str, Any]] = [
    {"name": "ddp", "strategy": "ddp", "max_steps": 50},
    {"name": "fsdp", "strategy": "fsdp", "max_steps": 50},
    {"name": "tagger_ddp", "model": "tagger", "strategy": "ddp", "max_steps": 50},
    {"name": "tagger_fsdp", "model": "tagger", "strategy": "fsdp", "max_steps": 50},
    # 41 texts in batches of 8: the last batch of an epoch has one text, so one rank has none.
    {"name": "empty_ddp", "count": 41, "strategy": "ddp", "max_steps": 30, "accumulate": 2},
    {"name": "empty_fsdp", "count": 41, "strategy": "fsdp", "max_steps": 30, "accumulate": 2},
    # One text a batch: the second rank never sees any.
    {"name": "idle_rank", "count": 5, "strategy": "ddp", "max_steps": 10, "batch_size": 1},
    {"name": "idle_rank_fsdp", "count": 5, "strategy": "fsdp", "max_steps": 10, "batch_size": 1},
    {
        "name": "extras_fsdp",
        "strategy": "fsdp",
        "max_steps": 20,
        "callbacks": {"ema": {"enabled": True}, "adversarial": {"enabled": True}},
    },
    {
        "name": "extras_ddp",
        "strategy": "ddp",
        "max_steps": 20,
        "callbacks": {"ema": {"enabled": True}, "adversarial": {"enabled": True}},
    },
]


@pytest.fixture(scope="module")
def group(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    return survived(lambda name: run_cases(tmp_path_factory.mktemp(name)))


def run_cases(folder: Path) -> tuple[Path, dict[str, Any]]:
    """Run all cases in one group of two processes."""
    resumed = []
    for strategy in ("ddp", "fsdp"):
        common = {"strategy": strategy, "max_steps": 24, "dropout": 0.3, "precision": "float32"}
        resumed += [
            {"name": f"whole_{strategy}", **common},
            {"name": f"stopped_{strategy}", **common, "stop": 11, "run": str(folder / strategy)},
            {"name": f"resumed_{strategy}", **common, "run": str(folder / strategy)},
        ]
    return folder, run_group(folder, CASES + resumed)


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_equal_to_one_process(case: dict[str, Any], group: tuple[Path, dict[str, Any]]) -> None:
    folder, states = group
    alone = build({**case, "strategy": "auto"})
    expected = alone.fit()
    found = load_file(folder / f"{case['name']}.safetensors")
    for name, weight in weights(alone.context.unit.module).items():
        error = (found[name] - weight).abs().max() / weight.abs().max()
        assert error < 1e-9, f"{name} is off by {error:.2e}"
    assert states[case["name"]]["units"] == expected.units
    assert states[case["name"]]["metrics"] == pytest.approx(expected.metrics, rel=1e-9)


def test_ranks_hold_unequal_numbers_of_tokens() -> None:
    """Were gradients averaged by ranks and not by tokens, the comparison above would see it: the mean of the ranks'
    means is another number, by far more than 1e-9, in nearly every step.
    """
    unit, differences = ToyUnit(ToyModel(dropout=0.0).double()), []
    shares = [ToyData(ranks=Ranks(rank, 2)).steps(0) for rank in range(2)]
    for steps in zip(*shares):
        losses = [[unit.training_step(batch) for batch in step.batches] for step in steps]
        by_tokens = sum(loss.total for own in losses for loss in own) / steps[0].weight
        by_ranks = sum(sum(x.total for x in own) / sum(x.weight for x in own) for own in losses) / len(losses)
        differences.append(abs(float((by_tokens - by_ranks).detach())) / float(by_tokens.detach()))
    assert sorted(differences)[1] > 1e-4


@pytest.mark.slow
@pytest.mark.parametrize("strategy", ["ddp", "fsdp"])
def test_stop_on_one_rank_stops_all_and_resumes_to_the_bit(strategy: str, group: tuple[Path, dict[str, Any]]) -> None:
    folder, states = group
    assert states[f"stopped_{strategy}"]["stopped"] == 143
    assert states[f"stopped_{strategy}"]["step"] == 11
    whole = load_file(folder / f"whole_{strategy}.safetensors")
    resumed = load_file(folder / f"resumed_{strategy}.safetensors")
    assert all(torch.equal(whole[name], resumed[name]) for name in whole)


@pytest.mark.slow
@pytest.mark.parametrize("strategy", ["ddp", "fsdp"])
def test_no_thread_of_the_group_outlives_it(strategy: str) -> None:
    """One that does may end the process by a signal while the interpreter is taken down, after all was done."""
    for output in run_processes("src.tests.trainer.leaving", strategy):
        within, left = map(json.loads, output.splitlines())
        assert within == ["gloo_tcp_loop", "pt_gloo_runloop", "pt_gloo_runloop"]
        assert left == []
