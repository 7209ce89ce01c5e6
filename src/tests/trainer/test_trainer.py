"""The loop: what it computes, and how it stops when something is wrong."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest
import torch

from tengjia.checkpoint import CheckpointStore
from tengjia.errors import CheckpointError, ConfigurationError, EnvironmentFault, Interrupted, TrainingError
from tengjia.runs import RunFolder
from tengjia.training.callback import Callback
from tengjia.training.context import Context
from tengjia.training.result import choose_weights, initial_weights, summary
from tengjia.training.snapshot import load_weights, weights

from .test_resume import StopAt, bits
from .toy import ToyData, ToyModel, ToyUnit, make_trainer


def hand_written(epochs: int, rate: float, clip: float) -> ToyModel:
    """The toy training in ten lines, without any of the library's loop."""
    model, data = ToyModel(dropout=0.0), ToyData(batch_size=8)
    optimizer = torch.optim.AdamW(model.parameters(), lr=rate)
    unit = ToyUnit(model)
    for epoch in range(epochs):
        for step in data.steps(epoch):
            for batch in step.batches:
                (unit.training_step(batch).total / step.weight).backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), clip)
            optimizer.step()
            optimizer.zero_grad()
    return model


def test_equal_to_a_loop_written_by_hand() -> None:
    expected = hand_written(3, 1e-2, 0.5)
    trainer = make_trainer(None, unit=ToyUnit(ToyModel(dropout=0.0)), clip_norm=0.5)
    state = trainer.fit()
    for name, weight in weights(trainer.context.unit.module).items():
        assert torch.equal(weight, expected.state_dict()[name])
    assert (state.epoch, state.step, state.units) == (3, 21, 3 * sum(map(len, ToyData().texts)))


def test_parts_in_use_mode_are_put_in_training_mode() -> None:
    fresh, used = (make_trainer(None, unit=ToyUnit(ToyModel(dropout=0.5))) for _ in range(2))
    used.context.unit.module.eval()
    handed_over = make_trainer(None, unit=used.context.unit)
    fresh.fit()
    handed_over.fit()
    for name, weight in weights(fresh.context.unit.module).items():
        assert torch.equal(weight, weights(handed_over.context.unit.module)[name])


def test_accumulated_micro_batches_equal_one_batch() -> None:
    def make(batch_size: int, accumulate: int) -> Any:
        unit = ToyUnit(ToyModel(dropout=0.0).double())
        return make_trainer(None, unit=unit, batch_size=batch_size, accumulate=accumulate, precision="float64")

    whole, parts = make(8, 1), make(2, 4)
    whole.fit()
    parts.fit()
    for name, weight in weights(whole.context.unit.module).items():
        torch.testing.assert_close(weights(parts.context.unit.module)[name], weight, rtol=1e-9, atol=1e-12)


def test_values_of_gradients_are_clipped() -> None:
    seen: list[float] = []

    class Largest(torch.optim.SGD):
        def step(self, closure: Any = None) -> None:
            seen.append(max(float(p.grad.abs().max()) for group in self.param_groups for p in group["params"]))
            super().step(closure)

    make_trainer(
        None, clip_norm=None, clip_value=0.01, max_epochs=1, optimizer=lambda m: Largest(m.parameters(), lr=0.1)
    ).fit()
    assert max(seen) == pytest.approx(0.01)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:.*torch.jit:DeprecationWarning")
def test_what_cannot_be_compiled_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import torch._inductor.config as inductor

    monkeypatch.setattr(inductor.cpp, "cxx", (None, str(tmp_path / "no_compiler")))
    monkeypatch.setattr(inductor, "force_disable_caches", True)
    with pytest.raises(EnvironmentFault) as caught:
        make_trainer(None, compile=True).fit()
    assert caught.value.code == "trainer.cannot_compile" and "trainer.compile=false" in caught.value.hint


@pytest.mark.parametrize("precision", ["float64", "bf16"])
def test_precisions_learn(precision: str) -> None:
    state = make_trainer(None, precision=precision, max_epochs=12).fit()
    assert state.metrics["accuracy"] > 0.9


def test_half_precision_on_a_cpu_is_warned_of(caplog: pytest.LogCaptureFixture) -> None:
    make_trainer(None, precision="fp16", max_steps=1)
    assert "fp16 on a CPU is emulated" in caplog.text


@pytest.mark.parametrize("count", [1, 3])
def test_fewer_examples_than_a_batch_are_trained_on(count: int, tmp_path: Path) -> None:
    state = make_trainer(tmp_path, count=count, max_epochs=5).fit()
    assert (state.step, state.units) == (5, 5 * sum(len(text) for text in ToyData(count).texts))


@pytest.mark.parametrize(("settings", "steps"), [({"max_steps": 4}, 4), ({"max_steps": 100}, 21), ({}, 21)])
def test_the_budget(settings: dict[str, Any], steps: int) -> None:
    state = make_trainer(None, **settings).fit()
    assert state.step == state.evaluated_step == steps


def test_no_data() -> None:
    with pytest.raises(TrainingError, match="there is not one training example"):
        make_trainer(None, data=ToyData(0))


class Spoil(Callback):
    """Makes a weight what it must not be, after a step."""

    def __init__(self, step: int, value: float) -> None:
        self.step, self.value = step, value

    def on_step_end(self, context: Context) -> None:
        if context.state.step == self.step:
            next(context.unit.module.parameters()).data.fill_(self.value)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_loss_that_is_no_number_stops(value: float, tmp_path: Path) -> None:
    trainer = make_trainer(tmp_path, more=[Spoil(8, value)])
    with pytest.raises(TrainingError, match=r"loss nan at step 9 of epoch 2 \(learning rate 0.01; loss of the step"):
        trainer.fit()
    found = CheckpointStore(tmp_path / "checkpoints").newest()
    assert found is not None and found.state["training"]["step"] == 7
    assert all(torch.isfinite(tensor).all() for tensor in found.tensors["weights"].values())


def test_weights_that_are_no_numbers_are_not_saved(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match=r"weight `embedding.weight` holds values that are no numbers after step 3"):
        settings = {"checkpoint": {"unit": "steps", "every": 1}}
        make_trainer(tmp_path, more=[Spoil(3, float("nan"))], callbacks=settings).fit()
    assert CheckpointStore(tmp_path / "checkpoints").names("step-")[-1] == "step-00000002"


def test_divergence_stops() -> None:
    def climbing(module: torch.nn.Module) -> torch.optim.Optimizer:
        return torch.optim.SGD(module.parameters(), lr=5.0, maximize=True)

    with pytest.raises(TrainingError, match=r"training diverges: mean loss [\d.e+]+ over the last 50 steps") as caught:
        make_trainer(None, optimizer=climbing, max_epochs=200, clip_norm=None).fit()
    assert "lower optimizer.lr" in caught.value.hint


def test_an_absent_device_is_never_replaced() -> None:
    absent = "cuda:7"
    with pytest.raises(EnvironmentFault, match="device `cuda:7` is not there; this machine has: auto, .*cpu"):
        make_trainer(None, device=absent)


def test_an_unknown_metric_is_told() -> None:
    with pytest.raises(TrainingError, match=r"no `acuracy` to monitor; it gives: loss, accuracy") as caught:
        make_trainer(None, monitor="acuracy", max_epochs=1).fit()
    assert "nearest: accuracy" in caught.value.hint


def test_nothing_to_evaluate() -> None:
    class Unlabelled(ToyData):
        def evaluation(self, part: str) -> Any:
            return iter(())

    with pytest.raises(TrainingError, match="the part `development` holds no labelled example"):
        make_trainer(None, data=Unlabelled(), max_epochs=1).fit()


@pytest.mark.parametrize(
    ("thresholds", "qualifies"),
    [
        ({"metric_threshold": 0.99}, False),
        ({"loss_threshold": 0.001}, False),
        ({"metric_threshold": 0.3, "loss_threshold": 5.0}, True),
    ],
)
def test_thresholds(
    thresholds: dict[str, float], qualifies: bool, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    trainer = make_trainer(tmp_path, callbacks={"evaluation": thresholds})
    trainer.fit()
    chosen = choose_weights(trainer.context)
    assert (chosen is not None) == qualifies
    assert bool(CheckpointStore(tmp_path / "checkpoints").names("best-")) == qualifies
    assert ("no evaluation met the thresholds" in caplog.text) != qualifies
    assert summary(trainer.context, chosen)["qualified"] == qualifies


def test_the_best_weights_are_chosen_not_the_last(tmp_path: Path) -> None:
    trainer = make_trainer(tmp_path, more=[Spoil(15, 0.0)], max_epochs=6)
    state = trainer.fit()
    assert state.best_step is not None and state.best_step < state.step
    chosen = choose_weights(trainer.context)
    assert chosen is not None and chosen.name == f"best-{state.best_step:08d}"
    assert chosen.metrics["accuracy"] == state.best_score
    load_weights(trainer.context.unit.module, chosen.weights, chosen.name)
    trainer.context.unit.module.eval()
    evaluated = torch.cat([trainer.context.unit.module(batch).argmax(-1)[batch.mask] for batch in _all()])
    gold = torch.cat([batch.labels[batch.mask] for batch in _all()])
    assert float((evaluated == gold).double().mean()) == pytest.approx(state.best_score)


def _all() -> list[Any]:
    return list(ToyData().evaluation("development"))


def test_lowest_loss_can_be_monitored(tmp_path: Path) -> None:
    trainer = make_trainer(tmp_path, monitor="loss", max_epochs=4)
    trainer.context.direction = "min"
    state = trainer.fit()
    assert state.best_score == min(point["loss"] for point in RunFolder(tmp_path).metrics() if "accuracy" in point)


def test_initial_weights_bring_weights_only(tmp_path: Path) -> None:
    first = make_trainer(tmp_path / "first", max_epochs=2)
    first.fit()
    model = ToyModel(seed=9)
    load_weights(model, initial_weights(RunFolder(tmp_path / "first")), "first")
    second = make_trainer(tmp_path / "second", unit=ToyUnit(model), max_epochs=1)
    assert second.fit().step == 7
    with pytest.raises(CheckpointError, match=r"embedding.weight is \[32, 16\] there, \[32, 4\] here"):
        load_weights(ToyModel(width=4), initial_weights(RunFolder(tmp_path / "first")), "first")
    with pytest.raises(CheckpointError, match="holds no complete checkpoint"):
        initial_weights(RunFolder(tmp_path / "nowhere"))


def test_samples_are_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    trainer = make_trainer(None, max_epochs=2, callbacks={"evaluation": {"log_samples": 3}})
    trainer.context.describe = lambda batch, row, predicted, gold: f"SAMPLE {len(gold)} {predicted.shape}"
    trainer.fit()
    assert caplog.text.count("SAMPLE") == 6


def test_the_number_of_threads_does_not_leak_into_the_data(tmp_path: Path) -> None:
    one, two = make_trainer(None, seed=4), make_trainer(None, seed=4)
    one.fit()
    torch.manual_seed(99)  # what others draw from the global generator changes nothing
    two.fit()
    other = make_trainer(None, seed=5)
    other.fit()
    assert bits(one) == bits(two) != bits(other)


@pytest.mark.parametrize(
    ("settings", "keys"),
    [
        ({"batch_size": 0, "accumulate": -1}, ["trainer.batch_size", "trainer.accumulate"]),
        ({"max_epochs": 0}, ["trainer.max_epochs"]),
        ({"clip_norm": -1.0}, ["trainer.clip_norm"]),
        ({"callbacks": {"evaluation": {"every": 0}}}, ["callbacks.evaluation.every"]),
        (
            {"callbacks": {"checkpoint": {"keep": 0, "every": 0}}},
            ["callbacks.checkpoint.every", "callbacks.checkpoint.keep"],
        ),
        ({"callbacks": {"ema": {"decay": 1.5}}}, ["callbacks.ema.decay"]),
        ({"callbacks": {"record": {"every": 0}}}, ["callbacks.record.every"]),
        ({"callbacks": {"early_stopping": {"patience": 0}}}, ["callbacks.early_stopping.patience"]),
        ({"callbacks": {"adversarial": {"epsilon": -1.0}}}, ["callbacks.adversarial.epsilon"]),
        ({"callbacks": {"profiler": {"steps": 0}}}, ["callbacks.profiler.steps"]),
        ({"callbacks": {"console_log": {"every": -1}}}, ["callbacks.console_log.every"]),
    ],
)
def test_numbers_that_make_no_sense_are_refused(settings: dict[str, Any], keys: list[str]) -> None:
    with pytest.raises(ConfigurationError, match="makes no sense here; allowed: [<>]=") as caught:
        make_trainer(None, data=ToyData(), **settings)
    assert [problem.key for problem in caught.value.problems] == keys


def test_a_stop_without_checkpoints_says_so() -> None:
    settings: dict[str, Any] = {"callbacks": {"checkpoint": {"enabled": False}}}
    with pytest.raises(Interrupted, match="nothing was saved, because callbacks.checkpoint.enabled=false"):
        make_trainer(None, more=[StopAt(2)], **settings).fit()
