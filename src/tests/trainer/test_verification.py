"""The proof of exact resume holds for what is exact, and sees what is not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

from tengjia.runs import RunFolder
from tengjia.training.callback import Callback
from tengjia.training.verification import verify_resume

from .toy import ToyModel, ToyUnit, make_trainer


class Careless(ToyModel):
    """Draws its noise from a generator of its own, whose state nobody saves."""

    def __init__(self) -> None:
        super().__init__()
        self.generator = torch.Generator().manual_seed(3)

    def forward(self, batch: Any) -> torch.Tensor:
        scores = super().forward(batch)
        return scores + torch.rand(scores.shape, generator=self.generator)


def prove(module: type[ToyModel]) -> Any:
    def make(run: RunFolder, more: Sequence[Callback]) -> Any:
        return make_trainer(
            run, unit=ToyUnit(module()), accumulate=3, max_steps=7, more=list(more), callbacks={"ema": {}}
        )

    return verify_resume(make, points=6)


def test_exact_training_is_proven() -> None:
    expected, proofs = prove(ToyModel)
    assert [(proof.step, proof.micro) for proof in proofs] == [(0, 1), (1, 2), (2, 0), (4, 0), (4, 1), (6, 1)]
    assert all(proof.differences == [] and proof.fingerprint == expected for proof in proofs)


def test_hidden_randomness_is_seen() -> None:
    _, proofs = prove(Careless)
    assert all(proof.differences == ["parameters", "optimizer"] for proof in proofs)
