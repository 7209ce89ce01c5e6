"""Callbacks: what they compute, and that those that only watch can do no harm."""

from __future__ import annotations

import json
import logging
import threading
import time
from pathlib import Path
from typing import Any

import pytest
import torch

from tengjia.errors import TrainingError
from tengjia.registry import callbacks as registry
from tengjia.runs import RunFolder
from tengjia.training.callback import Callback, Observer
from tengjia.training.context import Context
from tengjia.training.observation import Observation
from tengjia.training.snapshot import weights

from .test_resume import bits
from .toy import ToyData, ToyModel, ToyUnit, make_trainer


class Recorder(Callback):
    """Notes every hook that is called."""

    def __init__(self) -> None:
        self.calls: list[str] = []


def _note(hook: str) -> Any:
    def noted(self: Recorder, context: Context, *arguments: Any) -> None:
        self.calls.append(hook)

    return noted


HOOKS = [name for name in vars(Callback) if name.startswith("on_")]
for name in HOOKS:
    setattr(Recorder, name, _note(name))


def test_hooks_run_in_the_order_that_they_promise(tmp_path: Path) -> None:
    recorder = Recorder()
    settings = {"checkpoint": {"background": False}}
    make_trainer(tmp_path, count=8, max_epochs=1, more=[recorder], callbacks=settings).fit()
    assert recorder.calls == [
        "on_fit_start",
        "on_epoch_start",
        "on_backward_end",
        "on_update_start",
        "on_evaluation_start",
        "on_evaluation_end",
        "on_best",
        "on_checkpoint",
        "on_evaluation_exit",
        "on_step_end",
        "on_checkpoint",
        "on_epoch_end",
        "on_fit_end",
        "on_close",
    ]


def test_every_hook_says_when_it_runs() -> None:
    assert len(HOOKS) >= 13
    for hook in HOOKS:
        assert getattr(Callback, hook).__doc__


@pytest.mark.parametrize("name", sorted(registry.entries()))
def test_every_callback_begins_with_enabled(name: str) -> None:
    config = registry.load(name).Config
    assert next(iter(config.__dataclass_fields__)) == "enabled"


def test_ema_is_the_average_of_the_weights() -> None:
    decay, seen = 0.8, []

    class Watch(Callback):
        def on_step_end(self, context: Context) -> None:
            seen.append(weights(context.unit.module)["output.weight"].double())

    trainer = make_trainer(None, callbacks={"ema": {"decay": decay}}, more=[Watch()])
    expected = weights(trainer.context.unit.module)["output.weight"].double()
    trainer.fit()
    for count, weight in enumerate(seen, 1):
        share = min(decay, (1 + count) / (10 + count))
        expected = share * expected + (1 - share) * weight
    ema = next(c for c in trainer.callbacks.callbacks if type(c).__name__ == "ExponentialMovingAverage")
    torch.testing.assert_close(ema.tensors()["output.weight"].double(), expected, rtol=1e-5, atol=1e-6)
    assert torch.equal(weights(trainer.context.unit.module)["output.weight"].double(), seen[-1])


def test_best_weights_are_those_that_were_judged(tmp_path: Path) -> None:
    from tengjia.training.result import choose_weights

    trainer = make_trainer(tmp_path, callbacks={"ema": {"decay": 0.5}}, max_epochs=1)
    trainer.fit()
    ema = next(c for c in trainer.callbacks.callbacks if type(c).__name__ == "ExponentialMovingAverage")
    chosen = choose_weights(trainer.context)
    assert chosen is not None
    for name, average in ema.tensors().items():
        assert torch.equal(chosen.weights[name], average)


def test_adversarial_gradient_by_hand() -> None:
    epsilon = 0.7
    model, data = ToyModel(dropout=0.0).double(), ToyData(8)
    step = next(data.steps(0))
    unit, batch = ToyUnit(model), step.batches[0]
    (unit.training_step(batch).total / step.weight).backward()
    table = model.embedding.weight
    before = table.detach().clone()
    with torch.no_grad():
        table += epsilon * table.grad / table.grad.norm()
    (unit.training_step(batch).total / step.weight).backward()
    with torch.no_grad():
        table.copy_(before)
    seen: dict[str, torch.Tensor] = {}

    class Watch(Callback):
        def on_update_start(self, context: Context) -> None:
            for name, parameter in context.unit.module.named_parameters():
                seen.setdefault(name, parameter.grad.clone())

    trainer = make_trainer(
        None,
        data=data,
        unit=ToyUnit(ToyModel(dropout=0.0).double()),
        precision="float64",
        callbacks={"adversarial": {"epsilon": epsilon}},
        more=[Watch()],
    )
    trainer.fit()
    for name, parameter in model.named_parameters():
        torch.testing.assert_close(seen[name], parameter.grad, rtol=1e-10, atol=1e-14)


def test_adversarial_needs_an_embedding() -> None:
    with pytest.raises(TrainingError, match="contains `words`; there are: embedding.weight, hidden.weight"):
        make_trainer(None, callbacks={"adversarial": {"parameter": "words"}}).fit()


def test_early_stopping(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    frozen = {"optimizer": lambda module: torch.optim.SGD(module.parameters(), lr=0.0)}
    settings = {"callbacks": {"early_stopping": {"patience": 3}}, "max_epochs": 30, **frozen}
    state = make_trainer(tmp_path, **settings).fit()
    assert state.step == 4 * 7
    assert state.stop_reason == "accuracy has not improved for 3 evaluations"
    assert make_trainer(tmp_path, **settings).fit().step == 4 * 7, "a resumed run stays stopped"


def test_curves_are_recorded(tmp_path: Path) -> None:
    make_trainer(tmp_path, callbacks={"record": {"every": 5}}).fit()
    points = list(RunFolder(tmp_path).metrics())
    train = [point for point in points if point["part"] == "train"]
    assert [point["step"] for point in train] == [5, 10, 15, 20]
    assert all({"loss", "learning_rate", "gradient_norm", "epoch"} <= point.keys() for point in train)
    assert [point["step"] for point in points if point["part"] == "development"] == [7, 14, 21]


def test_the_bar_shows_a_monitored_loss_beside_that_of_the_training(caplog: pytest.LogCaptureFixture) -> None:
    make_trainer(None, max_epochs=2, monitor="loss", callbacks={"progress": {}}).fit()
    assert "is switched off" not in caplog.text


def test_console_log_and_progress(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    make_trainer(None, max_epochs=2, callbacks={"console_log": {"every": 3}, "progress": {}}).fit()
    text = caplog.text
    assert "epoch 1  loss" in text and "epoch 2  loss" in text
    assert "step 3  loss" in text and "evaluation after step 14  loss" in text
    assert "accuracy" in text


def test_profiler_leaves_a_trace(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    make_trainer(tmp_path, callbacks={"profiler": {"start": 2, "steps": 3}}).fit()
    assert json.loads((tmp_path / "reports" / "profile.json").read_text())["traceEvents"]
    assert "aten::" in caplog.text


class Raises(Callback):
    essential = False

    def on_step_end(self, context: Context) -> None:
        raise ValueError("broken pipe")


class Essential(Raises):
    essential = True


def test_a_comfort_that_fails_is_switched_off(caplog: pytest.LogCaptureFixture) -> None:
    whole = make_trainer(None)
    whole.fit()
    trainer = make_trainer(None, more=[Raises()])
    trainer.fit()
    assert bits(trainer) == bits(whole)
    assert caplog.text.count("callback Raises failed in on_step_end and is switched off") == 1


def test_what_an_essential_callback_raises_stops_the_run() -> None:
    with pytest.raises(ValueError, match="broken pipe"):
        make_trainer(None, more=[Essential()]).fit()


class Tells(Observer):
    def __init__(self) -> None:
        self.told: list[tuple[str, Observation]] = []
        self.threads: set[int] = set()

    def on_step_end(self, context: Any) -> None:
        self.threads.add(threading.get_ident())
        self.told.append(("step", context))

    def on_checkpoint(self, context: Any, path: Any = None) -> None:
        self.told.append(("checkpoint", context))

    def on_error(self, context: Any, error: Any = None) -> None:
        self.told.append(("error", context))

    def on_close(self, context: Any) -> None:
        self.told.append(("close", context))


def test_an_observer_is_told_everything_in_order(tmp_path: Path) -> None:
    observer = Tells()
    make_trainer(tmp_path, more=[observer]).fit()
    steps = [seen.state.step for kind, seen in observer.told if kind == "step"]
    assert steps == list(range(1, 22))
    assert observer.told[-1][0] == "close"
    assert threading.get_ident() not in observer.threads
    paths = [seen.extra["path"].name for kind, seen in observer.told if kind == "checkpoint"]
    assert "step-00000021" in paths
    first = observer.told[0][1]
    assert (first.monitor, first.direction, first.total_steps, first.run) == ("accuracy", "max", 21, tmp_path)


def test_an_observer_hears_of_errors() -> None:
    observer = Tells()
    with pytest.raises(ValueError, match="broken pipe"):
        make_trainer(None, more=[observer, Essential()]).fit()
    assert [seen.extra["error"] for kind, seen in observer.told if kind == "error"] == ["broken pipe"]


class Blocks(Observer):
    grace = 0.1
    capacity = 3

    def __init__(self) -> None:
        self.release = threading.Event()

    def on_step_end(self, context: Any) -> None:
        self.release.wait(30)


class Fails(Observer):
    def on_step_end(self, context: Any) -> None:
        raise ConnectionError("no route")


@pytest.mark.parametrize("kind", [Blocks, Fails])
def test_an_observer_can_do_no_harm(kind: type[Observer], caplog: pytest.LogCaptureFixture) -> None:
    whole = make_trainer(None)
    started = time.perf_counter()
    whole.fit()
    usual = time.perf_counter() - started
    observer = kind()
    trainer = make_trainer(None, more=[observer])
    started = time.perf_counter()
    trainer.fit()
    assert time.perf_counter() - started < 10 * usual + 5
    assert bits(trainer) == bits(whole)
    expected = (
        "Blocks did not keep up" if kind is Blocks else "Fails failed in on_step_end: ConnectionError('no route')"
    )
    assert caplog.text.count(expected) == 1
    if isinstance(observer, Blocks):
        observer.release.set()


def test_observers_may_be_given_hooks_that_take_no_arguments() -> None:
    class Short(Observer):
        def __init__(self) -> None:
            self.seen: list[int] = []

        def on_evaluation_end(self, context: Any) -> None:
            self.seen.append(context.state.step)

    observer = Short()
    make_trainer(None, more=[observer], unit=ToyUnit(ToyModel())).fit()
    assert observer.seen == [7, 14, 21]
