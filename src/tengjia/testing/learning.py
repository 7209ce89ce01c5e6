"""Learning one batch by heart, and resuming to the bit: what everything that trains is held to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import torch

from tengjia.testing.broken import hold
from tengjia.testing.toy import TAGS, adamw
from tengjia.testing.toys import Toy
from tengjia.training.verification import MakeTrainer, verify_resume

STEPS: Final = 300
"""Steps within which one batch must be learnt by heart."""

STOPS: Final = 2
"""Places at which training is stopped and resumed."""


def overfits(unit: Any, name: str, toy: Toy = TAGS) -> None:
    """Train on one batch until all of it is known by heart."""
    batch = toy.data().batch(range(4))
    optimizer, seen = adamw(unit.module), [0.0]
    for step in range(STEPS):
        one_step(unit, optimizer, batch)
        if step % 10 == 9:
            seen.append(toy.learnt(unit, batch))
            if seen[-1] == 1.0:
                return
    hold(False, "testing.not_learnt", found=name, steps=STEPS, accuracy=f"{max(seen):.0%}")


def one_step(unit: Any, optimizer: torch.optim.Optimizer, batch: Any) -> float:
    """One optimizer step on a batch; gives its mean loss before."""
    unit.module.train()
    loss = unit.training_step(batch)
    mean = loss.total / loss.weight
    optimizer.zero_grad()
    mean.backward()
    optimizer.step()
    return float(mean.detach())


def resumes(make_trainer: MakeTrainer, name: str) -> None:
    """Train without a stop, and with stops; both must end in the same bits."""
    # As the toy trainer has it, but before the first model is drawn: first weights depend on it (orthogonal matrices).
    torch.set_num_threads(1)
    _, proofs = verify_resume(make_trainer, STOPS)
    for proof in proofs:
        what = ", ".join(proof.differences)
        hold(not proof.differences, "testing.not_resumed", found=name, step=proof.step, what=what)


def same(first: torch.Tensor, second: torch.Tensor) -> bool:
    """Whether two tensors are equal, bit for bit."""
    return first.shape == second.shape and bool((first == second).all())


def without_dropout(module: torch.nn.Module, compute: Callable[[], torch.Tensor]) -> torch.Tensor:
    """What a model computes when it answers."""
    module.eval()
    with torch.no_grad():
        return compute()
