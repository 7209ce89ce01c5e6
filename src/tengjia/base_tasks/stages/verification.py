"""Proof, on the user's own data and settings, that training can be stopped and resumed to the bit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import torch

from tengjia.base_tasks.stages.training import build_trainer
from tengjia.config import Settings
from tengjia.distributed import SINGLE
from tengjia.errors import TrainingError
from tengjia.messages import text
from tengjia.runs import RunFolder
from tengjia.training.callback import Callback
from tengjia.training.verification import Fits, verify_resume

if TYPE_CHECKING:
    from tengjia.base_tasks.stages.base_task import BaseTask
    from tengjia.base_tasks.stages.dataset import Dataset
    from tengjia.contracts import Model

QUIET = ("progress", "console_log", "profiler")
"""Callbacks that would only talk in between."""


def verify(
    task: BaseTask,
    config: Settings,
    run: RunFolder,
    *,
    build_dataset: Callable[[Settings, RunFolder], Dataset],
    build_model: Callable[[Settings, Dataset], Model],
    points: int,
    steps: int,
    tell: Callable[[str], Any],
) -> dict[str, str]:
    """Train `steps` steps without a stop, and with a stop at each of `points` places; compare.

    Args:
        task: The base task.
        config: The effective config of the stage `train`.
        run: Where preprocessing leaves its notes; the trainings themselves go to a temporary folder.
        build_dataset: The step of the task.
        build_model: The step of the task.
        points: How many stops to try.
        steps: Optimizer steps of each training.
        tell: Given each line of the proof.

    Returns:
        The hashes that all trainings ended with.

    Raises:
        TrainingError: Some stop led to another end.
    """
    dataset = build_dataset(config, run)
    short = _shortened(config, steps)
    if short.trainer.threads:  # before the first model is drawn: first weights depend on it (orthogonal matrices)
        torch.set_num_threads(short.trainer.threads)

    def make_trainer(folder: RunFolder, more: Sequence[Callback]) -> Fits:
        trainer: Fits = build_trainer(task, short, folder, dataset, build_model(short, dataset), SINGLE, more=more)
        return trainer

    expected, proofs = verify_resume(make_trainer, points)
    tell(text("trainer.proof_whole", steps=steps, hash=expected.parameters[:16]).message)
    for proof in proofs:
        outcome = ", ".join(proof.differences) or "="
        words = text(
            "trainer.proof_point",
            step=proof.step,
            micro=proof.micro,
            hash=proof.fingerprint.parameters[:16],
            found=outcome,
        )
        tell(words.message)
    for proof in proofs:
        if proof.differences:
            raise TrainingError("trainer.not_reproduced", step=proof.step, what=", ".join(proof.differences))
    return {"parameters": expected.parameters, "optimizer": expected.optimizer, "order": expected.order}


def _shortened(config: Settings, steps: int) -> Settings:
    """The same settings with a small budget, a checkpoint at every stop, and nobody talking in between."""
    values = config.plain()
    limit = values["trainer"].get("max_steps")
    values["trainer"] |= {"max_steps": steps if limit is None else min(steps, limit), "initial_weights": None}
    for name in QUIET:
        values["callbacks"].get(name, {})["enabled"] = False
    values["callbacks"]["checkpoint"]["enabled"] = True
    return Settings(values)
