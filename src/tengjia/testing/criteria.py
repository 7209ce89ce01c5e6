"""What a criterion promises."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

from tengjia.testing.broken import hold
from tengjia.testing.building import built
from tengjia.testing.learning import overfits, resumes, without_dropout
from tengjia.testing.subject import Subject
from tengjia.testing.toy import run_in, toy_trainer
from tengjia.testing.toys import model_of, toy_for, unit_for
from tengjia.training.callback import Callback


def criterion_builds_from_defaults(subject: Subject) -> None:
    """It is built, names the decoder that it fits, and gives one finite number with a gradient."""
    toy = toy_for(subject)
    model = model_of(toy)
    unit = unit_for(toy, model, built(subject, model=model))
    loss = unit.training_step(toy.data().batch(range(4))).total
    hold(loss.dim() == 0 and bool(loss.isfinite()), "testing.not_finite", found=subject.name)
    loss.backward()
    moved = any(weight.grad is not None and bool(weight.grad.any()) for weight in model.parameters())
    hold(moved, "testing.no_gradient", found=subject.name)


def criterion_sums_over_units(subject: Subject) -> None:
    """The loss of a batch is the sum of the losses of its texts, whatever stands in the padding.

    One that takes the other texts of a batch for wrong ones (`in_batch = True`) makes no such promise.
    """
    if getattr(subject.type, "in_batch", False):
        return
    toy = toy_for(subject)
    model, data = model_of(toy), toy.data()
    unit = unit_for(toy, model, subject.build(model=model))

    def loss(indices: Sequence[int], rubbish: int = 0) -> torch.Tensor:
        total: torch.Tensor = unit.training_step(data.batch(indices, rubbish=rubbish)).total
        return total

    whole = without_dropout(model, lambda: loss(range(4), rubbish=1))
    parts = without_dropout(model, lambda: torch.stack([loss([index]) for index in range(4)]).sum())
    values = {"found": f"{float(whole):.5f}", "allowed": f"{float(parts):.5f}"}
    hold(torch.allclose(whole, parts, rtol=1e-4), "testing.not_a_sum", name=subject.name, **values)


def criterion_overfits_one_batch(subject: Subject) -> None:
    """A model that minimises it learns four texts by heart."""
    toy = toy_for(subject)
    model = model_of(toy)
    overfits(unit_for(toy, model, subject.build(model=model)), subject.name, toy)


def criterion_resumes_exactly(subject: Subject) -> None:
    """Stopped and resumed, training with it ends in the same bits."""
    toy = toy_for(subject)

    def make_trainer(run: Any, more: Sequence[Callback]) -> Any:
        model = model_of(toy)
        unit = unit_for(toy, model, subject.build(model=model))
        return toy_trainer(8, run_in(run.path), more, toy=toy, unit=unit)

    resumes(make_trainer, subject.name)
