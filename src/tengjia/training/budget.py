"""How long a training may be."""

from __future__ import annotations

from tengjia.contracts import TrainingData


def total_steps(max_epochs: int, max_steps: int | None, data: TrainingData) -> int:
    """Optimizer steps of `max_epochs` passes, or `max_steps` if that is less; schedules are laid over it."""
    steps = max_epochs * data.steps_in_epoch()
    return steps if max_steps is None else min(steps, max_steps)
