"""The pipeline that a run left, for the stages that use it."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from tengjia.base_tasks import pipelines
from tengjia.bundle.folder import Bundle
from tengjia.bundle.golden import verify_golden
from tengjia.config import Settings
from tengjia.errors import CheckpointError
from tengjia.messages import text
from tengjia.runs import RunFolder
from tengjia.runs.states import state_word
from tengjia.training.devices import resolve_device

if TYPE_CHECKING:
    from tengjia.base_tasks.stages.pipeline import BundledPipeline

logger = logging.getLogger(__name__)


def load_pipeline(config: Settings, run: RunFolder, device: str) -> BundledPipeline:
    """The pipeline of a run, whatever base task its bundle is of.

    Code of its own is run only for runs of this project, which ran it before; a run that `run=PATH` finds elsewhere is
    a stranger's.

    Raises:
        CheckpointError: The run left no bundle, or a damaged one, or one with a stranger's code.
        EnvironmentFault: The device is not there.
    """
    require_model(run)
    chosen = resolve_device(device)
    ours = run.path.resolve().is_relative_to(Path(config.check_point_root).resolve())
    pipeline: BundledPipeline = pipelines.load_pipeline(run.bundle, device=str(chosen), trust_code=ours)
    return pipeline


def require_model(run: RunFolder) -> None:
    """See that a run left a bundle.

    Raises:
        CheckpointError: It did not; what became of its training is told.
    """
    if run.bundle.is_dir() or not (run.path / "run.json").is_file():
        return
    training = run.about()["stages"].get("train", {})
    state, reason = state_word(training.get("state", "new")), training.get("reason", "")
    raise CheckpointError("run.no_model", file=run.path, run=run.id, state=state, reason=reason)


def tell_differences(pipeline: BundledPipeline, run: RunFolder) -> int:
    """Ask the golden examples again, and warn if they are answered otherwise than when the bundle was written.

    Returns:
        How many differ.
    """
    differences = verify_golden(Bundle.open(run.bundle), pipeline.plain_answers)
    if differences:
        words = text("bundle.golden_differs", count=len(differences), found=str(differences[0].text)[:60])
        logger.warning(f"{words.message}\n    {words.hint}")
    return len(differences)
