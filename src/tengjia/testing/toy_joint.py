"""The tagging toy with a class of the whole text: it follows from the first piece."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import torch
from torch import Tensor

from tengjia.base_tasks.joint_intent_slot.unit import JointIntentSlotUnit
from tengjia.contracts import Batch, Inputs
from tengjia.data.classes import Classes
from tengjia.data.joint_labels import JointLabels
from tengjia.testing import toy
from tengjia.testing.broken import hold
from tengjia.testing.toys import Judged, Toy

LABELS: Final = JointLabels(toy.LABELS, Classes(("ask", "order", "thank"), counts={"ask": 7, "order": 7, "thank": 6}))


class JointData(toy.ToyData):
    """The texts of the tagging toy, each with a class."""

    def batch(self, indices: Sequence[int], *, padding: int = 0, rubbish: int = 0) -> Batch:
        """The texts of these numbers."""
        made = super().batch(indices, padding=padding, rubbish=rubbish)
        made.target = made.ids[:, 0] % len(LABELS.classes)
        return made


def inputs() -> Inputs:
    """What a model of the toy task has to know."""
    return Inputs(pieces=toy.PIECES, labels=LABELS.tags, classes=LABELS.classes)


def _output(model: Any, batch: Batch) -> Tensor:
    """Scores of the classes, and behind them those of the tags, as one tensor."""
    tags, classes = model(batch)
    wide = torch.nn.functional.pad(classes, (0, tags.shape[-1] - classes.shape[-1]))
    return torch.cat([wide[:, None], tags], 1)


def _check(model: Any, batch: Batch, name: str) -> None:
    """Scores of every unit and of every text, tags, and probabilities of both."""
    (tags, classes), mask = model(batch), batch.label_mask
    for scores, wanted in ((tags, (*mask.shape, len(LABELS.tags))), (classes, (len(mask), len(LABELS.classes)))):
        hold(scores.shape == wanted, "testing.wrong_shape", found=tuple(scores.shape), allowed=wanted)
        hold(bool(scores.isfinite().all()), "testing.not_finite", found=name)
    decoded = model.decode(tags, mask)
    hold(bool((decoded[~mask] == 0).all()) and decoded.shape == mask.shape, "testing.tags_of_padding", found=name)
    shares = model.probabilities(tags, mask).sum(-1), model.class_probabilities(classes).sum(-1)
    right = torch.allclose(shares[0], mask.float(), atol=1e-4) and torch.allclose(shares[1], torch.ones(len(mask)))
    hold(right, "testing.no_probabilities", found=name)


def _learnt(unit: Any, batch: Batch) -> float:
    mask = batch.label_mask
    unit.module.eval()
    with torch.no_grad():
        tags, classes = unit.module(batch)
    assert batch.labels is not None and batch.target is not None
    known = ((unit.model.decode(tags, mask) == batch.labels) & mask).sum() + (classes.argmax(-1) == batch.target).sum()
    return float(known / (mask.sum() + len(mask)))


def _judged(kind: str) -> list[Judged]:
    """Tags and classes of two batches; `partly`: the first unit and, of every other text, the class are wrong."""
    batches = []
    for batch, (tags, gold, mask) in zip(JointData().evaluation("development"), toy.TAGS.judged(kind)):
        assert batch.target is not None
        wrong = torch.ones_like(batch.target) if kind == "wrong" else torch.arange(len(mask)) % 2 * (kind == "partly")
        classes = (batch.target + wrong) % len(LABELS.classes)
        batches.append(((tags, classes), (gold, batch.target), (mask, torch.ones(len(mask), dtype=torch.bool))))
    return batches


def _padded(judged: list[Judged]) -> list[Judged]:
    return [((p[0].masked_fill(~m[0], 1), p[1]), (g[0].masked_fill(~m[0], 2), g[1]), m) for p, g, m in judged]


TOYS: Final[dict[str, Toy]] = {
    "joint": Toy(
        labels=LABELS,
        inputs=inputs,
        data=JointData,
        unit=JointIntentSlotUnit,
        model={
            "name": "bilstm_joint",
            "embedding_size": 12,
            "hidden_size": 12,
            "embedding_dropout": 0.1,
            "dropout": 0.1,
        },
        criterion="joint",
        evaluator="joint_intent_slot",
        monitor="joint_score",
        output=_output,
        check=_check,
        learnt=_learnt,
        judged=_judged,
        padded=_padded,
    )
}
