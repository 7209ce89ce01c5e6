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
from tengjia.testing.toy import CRITERION, LABELS, ToyData, inputs, run_in, seeded, toy_trainer, unit_of
from tengjia.training.callback import Callback


def model_builds_from_defaults(subject: Subject) -> None:
    """It is built, names a decoder that some criterion fits, and scores every tag of every unit."""
    model = built(subject, inputs=inputs())
    known = ", ".join(CRITERION)
    decoder = getattr(model, "decoder", None)
    hold(decoder in CRITERION, "testing.no_decoder", found=subject.name, decoder=decoder, allowed=known)
    batch = ToyData().batch(range(3))
    scores, mask = model(batch), batch.label_mask
    wanted = (*mask.shape, len(LABELS))
    hold(scores.shape == wanted, "testing.wrong_shape", found=tuple(scores.shape), allowed=wanted)
    hold(bool(scores.isfinite().all()), "testing.not_finite", found=subject.name)
    tags = model.decode(scores, mask)
    hold(bool((tags[~mask] == 0).all()) and tags.shape == mask.shape, "testing.tags_of_padding", found=subject.name)
    shares = model.probabilities(scores, mask).sum(-1)
    hold(torch.allclose(shares, mask.to(shares.dtype), atol=1e-4), "testing.no_probabilities", found=subject.name)


def model_ignores_padding(subject: Subject) -> None:
    """Scores of a text are the same beside a longer one, alone, and with rubbish in the padding."""
    model, data = _model(subject), ToyData()
    shortest = min(range(len(data.texts)), key=lambda index: len(data.texts[index]))
    length = len(data.texts[shortest])
    padded = data.batch([shortest], padding=5)
    padded.ids[~padded.mask] = 7
    alone = without_dropout(model, lambda: model(data.batch([shortest])))
    beside = without_dropout(model, lambda: model(padded))[:, :length]
    hold(torch.allclose(alone, beside, atol=1e-5), "testing.padding_matters", found=subject.name)


def model_saves_and_loads(subject: Subject) -> None:
    """Its weights as a file, read into a new one, give the same scores."""
    model, batch = _model(subject), ToyData().batch(range(4))
    file = subject.folder / "weights.safetensors"
    save_file({name: tensor.contiguous() for name, tensor in model.state_dict().items()}, file)
    torch.default_generator.manual_seed(2)
    other = subject.build(inputs=inputs())
    other.load_state_dict(load_file(file))
    before, after = (without_dropout(one, lambda one=one: one(batch)) for one in (model, other))  # type: ignore[misc]
    hold(same(before, after), "testing.not_saved", found=subject.name)


def model_overfits_one_batch(subject: Subject) -> None:
    """It can learn four texts by heart."""
    overfits(unit_of(_model(subject)), subject.name)


def model_resumes_exactly(subject: Subject) -> None:
    """Stopped and resumed, it ends in the same bits."""

    def make_trainer(run: Any, more: Sequence[Callback]) -> Any:
        return toy_trainer(8, run_in(run.path), more, unit=unit_of(_model(subject)))

    resumes(make_trainer, subject.name)


def _model(subject: Subject) -> Any:
    seeded()
    return subject.build(inputs=inputs())
