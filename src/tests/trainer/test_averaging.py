"""The mean of the last few weights: exact, judged, kept, and the same after a resume."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from src.tests.trainer.test_resume import StopAt, StopInEvaluation, bits
from src.tests.trainer.toy import make_trainer
from tengjia.errors import Interrupted
from tengjia.training.callback import Callback
from tengjia.training.context import Context
from tengjia.training.result import choose_weights
from tengjia.training.snapshot import weights

SETTINGS: dict[str, Any] = {"callbacks": {"averaging": {"count": 2}}, "max_epochs": 4}


class Watch(Callback):
    """Notes the weights of training and those that are judged."""

    order = 105

    def __init__(self) -> None:
        self.trained: list[dict[str, torch.Tensor]] = []
        self.judged: list[dict[str, torch.Tensor]] = []

    def on_evaluation_start(self, context: Context) -> None:
        self.trained.append(weights(context.unit.module))

    def on_evaluation_end(self, context: Context) -> None:
        self.judged.append(weights(context.unit.module))


def test_what_is_judged_is_the_mean_of_the_last_weights() -> None:
    watch = Watch()
    trainer = make_trainer(None, more=[watch], **SETTINGS)
    trainer.fit()
    assert len(watch.judged) >= 4
    for number, judged in enumerate(watch.judged):
        last = watch.trained[max(0, number - 1) : number + 1]
        for name, found in judged.items():
            expected = torch.stack([one[name].double() for one in last]).mean(0).to(found.dtype)
            assert torch.equal(found, expected)
    after = weights(trainer.context.unit.module)
    assert all(torch.equal(after[name], watch.trained[-1][name]) for name in after)


def test_the_best_mean_is_what_is_kept(tmp_path: Path) -> None:
    watch = Watch()
    trainer = make_trainer(tmp_path, more=[watch], **SETTINGS)
    trainer.fit()
    chosen = choose_weights(trainer.context)
    assert chosen is not None
    assert any(all(torch.equal(chosen.weights[name], one[name]) for name in one) for one in watch.judged)


@pytest.mark.parametrize("stop", [StopAt(5), StopAt(14), StopInEvaluation()])
def test_a_resumed_training_has_the_same_mean(stop: Callback, tmp_path: Path) -> None:
    whole_watch, watch = Watch(), Watch()
    whole = make_trainer(None, more=[whole_watch], **SETTINGS)
    expected = whole.fit()
    with pytest.raises(Interrupted):
        make_trainer(tmp_path, more=[stop], **SETTINGS).fit()
    resumed = make_trainer(tmp_path, more=[watch], **SETTINGS)
    state = resumed.fit()
    assert bits(resumed) == bits(whole)
    assert (state.best_score, state.best_step) == (expected.best_score, expected.best_step)
    last, expected_last = watch.judged[-1], whole_watch.judged[-1]
    assert all(torch.equal(last[name], expected_last[name]) for name in last)
