"""Training that is stopped anywhere and resumed ends in the same bits as training that is not."""

from __future__ import annotations

import hashlib
import signal
from pathlib import Path
from typing import Any

import pytest
import torch

from tengjia.checkpoint import CheckpointStore
from tengjia.errors import CheckpointError, Interrupted
from tengjia.modules.trainer.default import Trainer
from tengjia.registry import schedules
from tengjia.training.callback import Callback
from tengjia.training.context import Context
from tengjia.training.snapshot import copied

from .toy import make_trainer


def bits(trainer: Trainer) -> str:
    """Hash of all weights and of all that the optimizer remembers. Collective where they are sharded."""
    digest = hashlib.sha256()
    for name, parameter in sorted(trainer.context.unit.module.named_parameters()):
        digest.update(name.encode() + copied(parameter).numpy().tobytes())
        for key, value in sorted(trainer.context.optimizer.state[parameter].items()):
            digest.update(key.encode() + copied(value).numpy().tobytes())
    return digest.hexdigest()


class StopAt(Callback):
    """Asks to stop while the `count`th micro-batch is being worked on."""

    def __init__(self, count: int) -> None:
        self.left = count

    def on_backward_end(self, context: Context, batch: Any, weight: int) -> None:
        self.left -= 1
        if self.left == 0:
            context.stop.request(signal.SIGTERM)


SETTINGS: dict[str, Any] = {"accumulate": 3, "callbacks": {"ema": {}, "adversarial": {}, "early_stopping": {}}}


@pytest.fixture(scope="module")
def uninterrupted() -> tuple[str, Any]:
    trainer = make_trainer(None, **SETTINGS)
    state = trainer.fit()
    return bits(trainer), state


@pytest.mark.parametrize("micro", [1, 2, 3, 4, 7, 8, 13, 20])
def test_stopped_within_any_window_ends_in_equal_bits(
    micro: int, tmp_path: Path, uninterrupted: tuple[str, Any]
) -> None:
    with pytest.raises(Interrupted, match="everything needed to go on is in") as caught:
        make_trainer(tmp_path, more=[StopAt(micro)], **SETTINGS).fit()
    assert caught.value.exit_code == 143
    resumed = make_trainer(tmp_path, **SETTINGS)
    state = resumed.fit()
    assert bits(resumed) == uninterrupted[0]
    assert (state.best_score, state.best_step, state.units) == (
        uninterrupted[1].best_score,
        uninterrupted[1].best_step,
        uninterrupted[1].units,
    )


def test_a_finished_run_has_nothing_to_do(tmp_path: Path) -> None:
    first = make_trainer(tmp_path)
    first.fit()
    again = make_trainer(tmp_path)
    assert again.fit().step == first.context.total_steps
    assert bits(again) == bits(first)


@pytest.mark.parametrize("name", ["plateau", "self_adjusting", "cosine", "noam"])
def test_schedules_resume(name: str, tmp_path: Path) -> None:
    def schedule() -> Any:
        extra = {"direction": "min", "patience": 0} if name == "plateau" else {}
        return schedules.build({"name": name, **extra}, total_steps=21)

    whole = make_trainer(None, schedule=schedule())
    whole.fit()
    with pytest.raises(Interrupted):
        make_trainer(tmp_path, schedule=schedule(), more=[StopAt(11)]).fit()
    resumed = make_trainer(tmp_path, schedule=schedule())
    resumed.fit()
    assert bits(resumed) == bits(whole)


@pytest.mark.parametrize("optimizer", [torch.optim.SGD, torch.optim.Adagrad, torch.optim.RMSprop, torch.optim.Adam])
def test_optimizers_resume(optimizer: Any, tmp_path: Path) -> None:
    def make(module: torch.nn.Module) -> torch.optim.Optimizer:
        return optimizer(module.parameters(), lr=0.01)

    whole = make_trainer(None, optimizer=make)
    whole.fit()
    with pytest.raises(Interrupted):
        make_trainer(tmp_path, optimizer=make, more=[StopAt(9)]).fit()
    resumed = make_trainer(tmp_path, optimizer=make)
    resumed.fit()
    assert bits(resumed) == bits(whole)


class StopInEvaluation(Callback):
    def on_evaluation_start(self, context: Context) -> None:
        if context.state.epoch == 1:
            context.stop.request(signal.SIGINT)


def test_an_interrupted_evaluation_is_made_again(tmp_path: Path) -> None:
    whole = make_trainer(None)
    expected = whole.fit()
    with pytest.raises(Interrupted) as caught:
        make_trainer(tmp_path, more=[StopInEvaluation()]).fit()
    assert caught.value.exit_code == 130
    saved = CheckpointStore(tmp_path / "checkpoints").newest()
    assert saved is not None and saved.state["training"]["evaluated_step"] == 7
    resumed = make_trainer(tmp_path)
    state = resumed.fit()
    assert (state.metrics, state.best_step) == (expected.metrics, expected.best_step)
    assert bits(resumed) == bits(whole)


def test_another_seed_does_not_fit(tmp_path: Path) -> None:
    make_trainer(tmp_path, max_epochs=1).fit()
    with pytest.raises(CheckpointError, match="seed 1 there, 2 here"):
        make_trainer(tmp_path, seed=2).fit()


def test_a_changed_thread_count_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    make_trainer(tmp_path, max_epochs=1, threads=1).fit()
    make_trainer(tmp_path, max_epochs=2, threads=2).fit()
    torch.set_num_threads(1)
    assert "threads was 1 when the checkpoint was written and is 2" in caplog.text
