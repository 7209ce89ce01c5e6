"""How long a training may be."""

from __future__ import annotations

from tengjia.contracts import TrainingData


def total_steps(max_epochs: int, max_steps: int | None, data: TrainingData, *, even: bool = True) -> int:
    """Optimizer steps of `max_epochs` passes, or `max_steps` if that is less; schedules are laid over it.

    Args:
        max_epochs: Passes over the data.
        max_steps: Most steps, if limited.
        data: Knows how many steps an epoch has.
        even: Whether all epochs have equally many; else each is asked for.
    """
    steps = max_epochs * data.steps_in_epoch() if even else sum(map(data.steps_in_epoch, range(max_epochs)))
    return steps if max_steps is None else min(steps, max_steps)
