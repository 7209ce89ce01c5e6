"""What optimizers and schedules promise."""

from __future__ import annotations

import copy
import json
from collections.abc import Sequence
from typing import Any, Final

import torch

from tengjia.testing.broken import hold
from tengjia.testing.building import built
from tengjia.testing.learning import one_step, resumes, same
from tengjia.testing.subject import Subject
from tengjia.testing.toy import ToyData, run_in, toy_model, toy_trainer, unit_of
from tengjia.training.callback import Callback

TOTAL: Final = 40
"""Steps of the training that a schedule is asked about."""


def optimizer_builds_from_defaults(subject: Subject) -> None:
    """It is built on groups of parameters, and its groups have a rate."""
    optimizer = built(subject, parameters=_groups(toy_model()))
    rates = [group.get("lr") for group in optimizer.param_groups]
    hold(all(isinstance(rate, float) and rate > 0 for rate in rates), "testing.no_rate", found=rates)


def optimizer_lowers_the_loss(subject: Subject) -> None:
    """With its defaults, 100 steps on one batch leave a smaller loss."""
    unit, batch = unit_of(toy_model()), ToyData().batch(range(4))
    optimizer = subject.build(parameters=_groups(unit.module))
    losses = [one_step(unit, optimizer, batch) for _ in range(100)]
    first, last = sum(losses[:5]) / 5, sum(losses[-5:]) / 5  # dropout makes single losses noisy
    values = {"first": f"{first:.4f}", "last": f"{last:.4f}"}
    hold(last < first, "testing.loss_stays", found=subject.name, steps=100, **values)


def optimizer_saves_and_loads(subject: Subject) -> None:
    """What it remembers, given to a new one, leads to the same next step."""
    batch, unit = ToyData().batch(range(4)), unit_of(toy_model())
    optimizer = subject.build(parameters=_groups(unit.module))
    for _ in range(3):
        _exact_step(unit, optimizer, batch)
    other = unit_of(toy_model())
    other.module.load_state_dict(unit.module.state_dict())
    successor = subject.build(parameters=_groups(other.module))
    successor.load_state_dict(copy.deepcopy(optimizer.state_dict()))
    _exact_step(unit, optimizer, batch)
    _exact_step(other, successor, batch)
    pairs = zip(unit.module.parameters(), other.module.parameters())
    hold(all(same(one, two) for one, two in pairs), "testing.not_saved", found=subject.name)


def optimizer_resumes_exactly(subject: Subject) -> None:
    """Stopped and resumed, training with it ends in the same bits."""

    def make_trainer(run: Any, more: Sequence[Callback]) -> Any:
        def optimizer(module: torch.nn.Module) -> Any:
            return subject.build(parameters=_groups(module))

        return toy_trainer(8, run_in(run.path), more, optimizer=optimizer)

    resumes(make_trainer, subject.name)


def schedule_builds_from_defaults(subject: Subject) -> None:
    """It is built for a training of 40 steps, and for one of a single step."""
    built(subject, total_steps=TOTAL)
    _factor(subject.build(total_steps=1), 0)


def schedule_gives_factors(subject: Subject) -> None:
    """Every step has a finite multiplier of at least 0, and the first one is above 0."""
    schedule = subject.build(total_steps=TOTAL)
    hold(_factor(schedule, 0) > 0, "testing.no_first_factor", found=subject.name)
    for step in range(TOTAL):
        factor = _factor(schedule, step)
        hold(0 <= factor < float("inf"), "testing.bad_factor", found=factor, step=step)


def schedule_saves_and_loads(subject: Subject) -> None:
    """What it remembers is JSON; a new one that got it goes on with the same factors."""
    schedule = subject.build(total_steps=TOTAL)
    observe = getattr(schedule, "observe", None)
    for step in range(TOTAL // 2):
        _factor(schedule, step)
        if observe is not None:
            observe(1.0 + step % 3)
    successor = subject.build(total_steps=TOTAL)
    successor.load_state_dict(as_json(schedule.state_dict(), subject.name))
    for step in range(TOTAL // 2, TOTAL):
        hold(_factor(schedule, step) == _factor(successor, step), "testing.not_saved", found=subject.name)


def schedule_resumes_exactly(subject: Subject) -> None:
    """Stopped and resumed, training with it ends in the same bits."""

    def make_trainer(run: Any, more: Sequence[Callback]) -> Any:
        return toy_trainer(8, run_in(run.path), more, schedule=subject.build(total_steps=8))

    resumes(make_trainer, subject.name)


def as_json(state: Any, name: str) -> Any:
    """A state as a checkpoint would give it back."""
    try:
        return json.loads(json.dumps(state))
    except (TypeError, ValueError):
        hold(False, "testing.no_json", found=state, name=name)


def _factor(schedule: Any, step: int) -> float:
    return float(schedule.factor(step))


def _exact_step(unit: Any, optimizer: torch.optim.Optimizer, batch: Any) -> None:
    torch.default_generator.manual_seed(3)  # the same dropout in both
    one_step(unit, optimizer, batch)


def _groups(module: torch.nn.Module) -> list[dict[str, Any]]:
    return [{"params": [weight for weight in module.parameters() if weight.requires_grad]}]
