"""What a model promises."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from safetensors.torch import load_file, save_file

from tengjia.testing.broken import hold
from tengjia.testing.building import built
from tengjia.testing.learning import overfits, resumes, same, without_dropout
from tengjia.testing.subject import Subject
from tengjia.testing.toy import run_in, toy_trainer
from tengjia.testing.toys import Toy, seeded, toy_for, unit_for
from tengjia.training.callback import Callback

RUBBISH = 7
"""A piece that stands in the padding."""


def model_builds_from_defaults(subject: Subject) -> None:
    """It is built, names a decoder, and gives what models of that decoder give."""
    toy = toy_for(subject)
    model = built(subject, inputs=toy.inputs())
    toy.check(model, toy.data().batch(range(3)), subject.name)


def model_ignores_padding(subject: Subject) -> None:
    """What it gives for a text is the same beside a longer one, alone, and with rubbish in the padding."""
    toy = toy_for(subject)
    model, data = _model(subject, toy), toy.data()
    lengths = data.lengths()
    shortest = lengths.index(min(lengths))
    padded = data.batch([shortest], padding=5, rubbish=RUBBISH)
    alone = without_dropout(model, lambda: toy.output(model, data.batch([shortest])))
    beside = without_dropout(model, lambda: toy.output(model, padded))
    cut = beside[:, : alone.shape[1]] if alone.dim() > 1 else beside
    hold(torch.allclose(alone, cut, atol=1e-5), "testing.padding_matters", found=subject.name)


def model_saves_and_loads(subject: Subject) -> None:
    """Its weights as a file, read into a new one, give the same scores."""
    toy = toy_for(subject)
    model, batch = _model(subject, toy), toy.data().batch(range(4))
    file = subject.folder / "weights.safetensors"
    save_file({name: tensor.contiguous() for name, tensor in model.state_dict().items()}, file)
    torch.default_generator.manual_seed(2)
    other = subject.build(inputs=toy.inputs())
    other.load_state_dict(load_file(file))
    before, after = (without_dropout(one, lambda one=one: toy.output(one, batch)) for one in (model, other))  # type: ignore[misc]
    hold(same(before, after), "testing.not_saved", found=subject.name)


def model_overfits_one_batch(subject: Subject) -> None:
    """It can learn four texts by heart."""
    toy = toy_for(subject)
    overfits(unit_for(toy, _model(subject, toy)), subject.name, toy)


def model_resumes_exactly(subject: Subject) -> None:
    """Stopped and resumed, it ends in the same bits."""
    toy = toy_for(subject)

    def make_trainer(run: Any, more: Sequence[Callback]) -> Any:
        return toy_trainer(8, run_in(run.path), more, toy=toy, unit=unit_for(toy, _model(subject, toy)))

    resumes(make_trainer, subject.name)


def _model(subject: Subject, toy: Toy) -> Any:
    seeded()
    return subject.build(inputs=toy.inputs())
