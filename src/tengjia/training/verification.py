"""Proves for a task of the user's own that training can be stopped and resumed to the bit.

Trains without a stop, then again for each point: stop there, make everything anew, resume, go on. Compared are the
hashes of the parameters, of all that the optimizer remembers, and of the examples in the order they were seen.
"""

from __future__ import annotations

import hashlib
import json
import signal
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from tengjia.contracts import AnyBatch
from tengjia.errors import Interrupted
from tengjia.runs import RunFolder
from tengjia.training.callback import Callback
from tengjia.training.context import Context
from tengjia.training.snapshot import copied
from tengjia.training.state import State


class Fits(Protocol):
    """A trainer, as far as it is needed here."""

    context: Context

    def fit(self) -> State:
        """Train."""


MakeTrainer = Callable[[RunFolder, Sequence[Callback]], Fits]
"""Makes everything anew (model, data, optimizer, callbacks), given the run and further callbacks."""


@dataclass(frozen=True)
class Fingerprint:
    """What a training came to, as hashes."""

    parameters: str
    optimizer: str
    order: str

    def differences(self, other: Fingerprint) -> list[str]:
        """Names of the parts that differ."""
        return [name for name in ("parameters", "optimizer", "order") if getattr(self, name) != getattr(other, name)]


@dataclass(frozen=True)
class Proof:
    """One stop and what came of it."""

    step: int
    """Optimizer steps done before the stop."""
    micro: int
    """Micro-batches of the next step done before the stop."""
    fingerprint: Fingerprint
    differences: list[str]
    """Parts that are not as without the stop: none, if all is well."""


class _Witness(Callback):
    """Notes the examples that are trained on, and asks to stop after so many micro-batches."""

    order = 10_000

    def __init__(self, stop_after: int | None = None) -> None:
        self.seen: list[list[int]] = []
        self._stop_after = stop_after

    def on_backward_end(self, context: Context, batch: AnyBatch, weight: int) -> None:
        """Note the batch; stop when it is time."""
        # Data that do not number their examples leave only their pieces to know them by.
        shown = batch.index if batch.index is not None else getattr(batch, "ids", None)
        self.seen.append(shown.flatten().tolist() if shown is not None else [])
        if len(self.seen) == self._stop_after:
            context.stop.request(signal.SIGTERM)


def verify_resume(make_trainer: MakeTrainer, points: int = 5) -> tuple[Fingerprint, list[Proof]]:
    """Train without a stop, and with a stop at each of several points.

    Args:
        make_trainer: Makes everything anew; its budget should be small (`trainer.max_steps`).
        points: How many stops to try, spread evenly over all micro-batches: with accumulation, within windows too.

    Returns:
        What the training without a stop came to, and a proof for each point.
    """
    with tempfile.TemporaryDirectory(prefix="tengjia-verify-") as folder:
        whole = _Witness()
        expected = _fingerprint(*_train(make_trainer, Path(folder, "whole"), whole), whole.seen)
        proofs = []
        for number in range(1, points + 1):
            # One earlier every other time: even spacing alone would often hit the ends of windows only.
            stop = max(1, round(len(whole.seen) * number / (points + 1)) - number % 2)
            proofs.append(_stopped(make_trainer, Path(folder, f"stop{number}"), stop, expected))
    return expected, proofs


def _stopped(make_trainer: MakeTrainer, folder: Path, stop: int, expected: Fingerprint) -> Proof:
    before, after = _Witness(stop), _Witness()
    stopped, _ = _train(make_trainer, folder, before)
    step, micro = stopped.context.state.step, stopped.context.state.micro
    resumed, state = _train(make_trainer, folder, after)
    found = _fingerprint(resumed, state, before.seen + after.seen)
    return Proof(step, micro, found, expected.differences(found))


def _train(make_trainer: MakeTrainer, folder: Path, witness: _Witness) -> tuple[Fits, State]:
    folder.mkdir(exist_ok=True)
    trainer = make_trainer(RunFolder(folder), [witness])
    try:
        trainer.fit()
    except Interrupted:
        if witness._stop_after is None:
            raise  # the user's own Ctrl-C
    return trainer, trainer.context.state


def _fingerprint(trainer: Fits, state: State, seen: list[list[int]]) -> Fingerprint:
    parameters, memory = hashlib.sha256(), hashlib.sha256()
    for name, parameter in trainer.context.unit.module.named_parameters():
        _feed(parameters, name, parameter)
        for key, value in sorted(trainer.context.optimizer.state.get(parameter, {}).items()):
            _feed(memory, f"{name}/{key}", value)
    order = hashlib.sha256(json.dumps([seen, state.units]).encode())
    return Fingerprint(parameters.hexdigest(), memory.hexdigest(), order.hexdigest())


def _feed(digest: Any, name: str, value: Any) -> None:
    digest.update(name.encode())
    digest.update(copied(value).numpy().tobytes() if hasattr(value, "numpy") else repr(value).encode())
