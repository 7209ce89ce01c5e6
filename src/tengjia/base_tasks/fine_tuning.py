"""How the model of a bundle is trained on, whatever its base task."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tengjia.base_tasks.known import BASE_TASKS, base_task
from tengjia.errors import CheckpointError

if TYPE_CHECKING:
    from tengjia.base_tasks.stages.fine_tuning import FineTuning


def fine_tuning(name: str) -> FineTuning:
    """What trains models of a base task on.

    Raises:
        CheckpointError: There is nothing of the kind.
    """
    if name not in BASE_TASKS:
        raise CheckpointError("bundle.other_task", found=name[:100], allowed=", ".join(BASE_TASKS))
    from tengjia.base_tasks.stages.fine_tuning import FineTuning

    return FineTuning(base_task(name))
