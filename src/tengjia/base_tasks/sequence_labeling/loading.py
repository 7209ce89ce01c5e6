"""The pipeline that a run left, for the stages that use it."""

from __future__ import annotations

from pathlib import Path

from tengjia.base_tasks.sequence_labeling.pipeline import SequenceLabelingPipeline
from tengjia.config import Settings
from tengjia.runs import RunFolder
from tengjia.training.devices import resolve_device


def load_pipeline(config: Settings, run: RunFolder, device: str) -> SequenceLabelingPipeline:
    """The pipeline of a run.

    Code of its own is run only for runs of this project, which ran it before; a run that `run=PATH` finds elsewhere is
    a stranger's.

    Raises:
        CheckpointError: The run left no bundle, or a damaged one, or one with a stranger's code.
        EnvironmentFault: The device is not there.
    """
    chosen = resolve_device(device)
    ours = run.path.resolve().is_relative_to(Path(config.check_point_root).resolve())
    return SequenceLabelingPipeline.load(run.bundle, device=str(chosen), trust_code=ours)
