"""What a criterion promises."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

from tengjia.testing.broken import hold
from tengjia.testing.building import built
from tengjia.testing.learning import overfits, resumes, without_dropout
from tengjia.testing.subject import Subject
from tengjia.testing.toy import MODEL, ToyData, run_in, toy_model, toy_trainer, unit_of
from tengjia.training.callback import Callback


def criterion_builds_from_defaults(subject: Subject) -> None:
    """It is built, names the decoder that it fits, and gives one finite number with a gradient."""
    model = _model(subject)
    criterion = built(subject, model=model)
    batch = ToyData().batch(range(3))
    loss = criterion(model(batch), batch.labels, batch.label_mask)
    hold(loss.dim() == 0 and bool(loss.isfinite()), "testing.not_finite", found=subject.name)
    loss.backward()
    moved = any(weight.grad is not None and bool(weight.grad.any()) for weight in model.parameters())
    hold(moved, "testing.no_gradient", found=subject.name)


def criterion_sums_over_units(subject: Subject) -> None:
    """The loss of a batch is the sum of the losses of its texts, whatever stands in the padding."""
    model, data = _model(subject), ToyData()
    criterion = subject.build(model=model)

    def loss(indices: Sequence[int], rubbish: int = 0) -> torch.Tensor:
        batch = data.batch(indices)
        assert batch.labels is not None
        labels = batch.labels.masked_fill(~batch.mask, rubbish)
        total: torch.Tensor = criterion(model(batch), labels, batch.label_mask)
        return total

    whole = without_dropout(model, lambda: loss(range(4), rubbish=1))
    parts = without_dropout(model, lambda: torch.stack([loss([index]) for index in range(4)]).sum())
    values = {"found": f"{float(whole):.5f}", "allowed": f"{float(parts):.5f}"}
    hold(torch.allclose(whole, parts, rtol=1e-4), "testing.not_a_sum", name=subject.name, **values)


def criterion_overfits_one_batch(subject: Subject) -> None:
    """A model that minimises it learns four texts by heart."""
    model = _model(subject)
    overfits(unit_of(model, subject.build(model=model)), subject.name)


def criterion_resumes_exactly(subject: Subject) -> None:
    """Stopped and resumed, training with it ends in the same bits."""

    def make_trainer(run: Any, more: Sequence[Callback]) -> Any:
        model = _model(subject)
        return toy_trainer(8, run_in(run.path), more, unit=unit_of(model, subject.build(model=model)))

    resumes(make_trainer, subject.name)


def _model(subject: Subject) -> Any:
    decoder = getattr(subject.type, "decoder", None)
    fitting = [decoder] if isinstance(decoder, str) else list(decoder or ())
    known = [one for one in fitting if one in MODEL]
    hold(known, "testing.no_decoder", found=subject.name, decoder=decoder, allowed=", ".join(MODEL))
    return toy_model(known[0])
