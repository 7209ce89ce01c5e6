"""What a run left of this base task, for the stages that use it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tengjia.base_tasks.stages.loading import load_pipeline
from tengjia.config import Settings
from tengjia.errors import CheckpointError

if TYPE_CHECKING:
    from tengjia.base_tasks.stages.base_task import BaseTask
    from tengjia.runs import RunFolder


def trained_pipeline(task: BaseTask, config: Settings, run: RunFolder, device: str) -> Any:
    """The pipeline of a run.

    Raises:
        CheckpointError: The run left no bundle, or a damaged one, or one of another base task.
        EnvironmentFault: The device is not there.
    """
    pipeline = load_pipeline(config, run, device)
    if not isinstance(pipeline, task.pipeline):
        found = getattr(pipeline, "base_task", type(pipeline).__name__)
        raise CheckpointError("bundle.other_task", file=run.bundle, found=found, allowed=task.name)
    return pipeline
