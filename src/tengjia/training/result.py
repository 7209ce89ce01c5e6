"""What a training leaves: the weights that were chosen, and flat results."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tengjia.checkpoint import CheckpointStore
from tengjia.errors import CheckpointError
from tengjia.training.context import Context
from tengjia.training.snapshot import best_name, weights

if TYPE_CHECKING:
    import torch

    from tengjia.runs import RunFolder


@dataclass(frozen=True)
class Chosen:
    """The weights that a training is known by."""

    name: str
    """The checkpoint that they come from, or `last`."""
    weights: Mapping[str, torch.Tensor]
    """By name, whole, on the CPU."""
    metrics: Mapping[str, float] = field(default_factory=dict)
    """Their scores, as far as they were evaluated."""


def choose_weights(context: Context) -> Chosen | None:
    """The best weights; the last ones where nothing was evaluated; none where no evaluation met the thresholds.

    Collective. Only the primary process gets the best weights; the others get the metrics alone.

    Raises:
        CheckpointError: The best weights are damaged, and no earlier best ones are left.
    """
    state = context.state
    if state.best_step is None and state.metrics:
        return None
    if state.best_step is None or context.run is None or not context.keeps_best:
        return Chosen("last", weights(context.unit.module), state.metrics)
    if not context.ranks.primary:
        return Chosen(best_name(state.best_step), {})
    store = CheckpointStore(context.run.checkpoints)
    checkpoint = store.newest("best-")
    if checkpoint is None:
        raise CheckpointError("checkpoint.none", folder=store.folder)
    return Chosen(checkpoint.name, checkpoint.tensors["weights"], checkpoint.state["training"]["metrics"])


def summary(context: Context, chosen: Chosen | None) -> dict[str, Any]:
    """Flat results of a training: the scores of the chosen weights, and how they came about."""
    state = context.state
    result: dict[str, Any] = {
        "monitor": context.monitor,
        "direction": context.direction,
        "best_score": state.best_score,
        "best_step": state.best_step,
        "steps": state.step,
        "units": state.units,
        "qualified": chosen is not None,
    }
    if state.loss is not None:
        result["train_loss"] = state.loss
    if state.stop_reason is not None:
        result["stop_reason"] = state.stop_reason
    return result | dict(chosen.metrics if chosen is not None else state.metrics)


def initial_weights(run: RunFolder) -> Mapping[str, torch.Tensor]:
    """The weights of another run to start from: its best, else its last.

    Raises:
        CheckpointError: It holds none.
    """
    store = CheckpointStore(run.checkpoints)
    checkpoint = store.newest("best-") or store.newest("step-")
    if checkpoint is None:
        raise CheckpointError("checkpoint.none", folder=store.folder)
    return checkpoint.tensors["weights"]
