"""Which run a job works on: a new one, one that is resumed, or one that is used."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

from tengjia.command.plan import Plan, part_of
from tengjia.config.settings import Settings
from tengjia.distributed import joined
from tengjia.errors import CheckpointError, TengjiaError
from tengjia.messages import text
from tengjia.runs.folder import RunFolder, select_run

log = logging.getLogger(__name__)


def choose_run(plan: Plan, stages: Sequence[tuple[str, Settings]]) -> RunFolder:
    """Create or find the run of a job; all processes of a group get the one that rank 0 chose.

    Args:
        plan: The command.
        stages: Name and config of each stage, in order.

    Raises:
        CheckpointError: There is no such run.
    """
    with joined() as ranks:
        if ranks.world == 1:
            return _chosen(plan, stages)
        if ranks.primary:
            try:
                run = _chosen(plan, stages)
            except TengjiaError:
                ranks.same_text("")  # the others wait for a name
                raise
            ranks.same_text(str(run.path))
            return run
        path = ranks.same_text("")
    if not path:
        raise CheckpointError("modeling.first_process_failed")
    return RunFolder(Path(path), primary=False)


def _chosen(plan: Plan, stages: Sequence[tuple[str, Settings]]) -> RunFolder:
    making = [settings for name, settings in stages if part_of(name) == "training"]
    settings = making[0] if making else stages[0][1]
    parent = Path(settings.check_point_root) / plan.app / plan.task
    if not making:
        return _told("modeling.run_used", select_run(parent, settings.run or "latest"))
    if settings.resume == "auto":
        unfinished = unfinished_runs(parent)
        if unfinished:
            return _told("modeling.run_resumed", unfinished[-1])
    elif settings.resume != "never":
        return _told("modeling.run_resumed", select_run(parent, settings.resume))
    run = RunFolder.create(parent, seed=settings.seed, app=plan.app, task=plan.task, name=settings.run)
    return _told("modeling.run_created", run)


def unfinished_runs(parent: Path) -> list[RunFolder]:
    """Runs whose training was not brought to its end and left a checkpoint, the newest last."""
    runs = [RunFolder(file.parent) for file in parent.glob("*/run.json")]
    found = [run for run in runs if not run.finished("train") and any(run.checkpoints.glob("[!.]*"))]
    return sorted(found, key=lambda run: run.about()["started"])


def _told(code: str, run: RunFolder) -> RunFolder:
    log.info(text(code, run=run.id, folder=run.path).message)
    return run
