"""Which run a job works on: a new one, one that is resumed, or one that is used."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tengjia.command.checks.stages import CROSS_VALIDATE, step_file
from tengjia.command.plan import Plan, part_of
from tengjia.config.settings import Settings
from tengjia.distributed import joined
from tengjia.errors import CheckpointError, ConfigurationError, Problem, TengjiaError
from tengjia.messages import text
from tengjia.runs.folder import TRAINING, RunFolder, runs_in, select_run
from tengjia.utilities.files import read_json

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
        stage = "train" if step_file(plan.task_folder, "train").is_file() else None
        return _told("modeling.run_used", select_run(parent, settings.run or "latest", stage=stage))
    if settings.resume == "auto":
        folds = CROSS_VALIDATE in plan.stages
        unfinished = unfinished_cross_validations(parent) if folds else unfinished_runs(parent)
        if unfinished:
            return _resumed(unfinished[-1], settings)
    elif settings.resume != "never":
        return _resumed(_of_its_kind(plan, select_run(parent, settings.resume)), settings)
    run = RunFolder.create(parent, seed=settings.seed, app=plan.app, task=plan.task, name=settings.run)
    return _told("modeling.run_created", run)


def _of_its_kind(plan: Plan, run: RunFolder) -> RunFolder:
    """See that a cross-validation goes on with a cross-validation, and a training with a training.

    Raises:
        CheckpointError: The run that was named is of the other kind.
    """
    stages = run.about()["stages"]
    if stages and (CROSS_VALIDATE in plan.stages) != (CROSS_VALIDATE in stages):
        raise CheckpointError("modeling.other_kind_of_run", file=run.path, run=run.id, found=", ".join(stages))
    return run


def _resumed(run: RunFolder, settings: Settings) -> RunFolder:
    """The run, if its checkpoints can fit the settings.

    Raises:
        ConfigurationError: The model, what it reads, or the optimizer was another one.
    """
    file = run.path / "config.json"
    old = read_json(file)["config"] if file.is_file() else settings.plain()
    before = dict(_shape(old))
    problems = []
    for key, value in _shape(settings.plain()):
        if key in before and before[key] != value:
            values = {"run": run.id, "found": before[key], "allowed": value}
            problems.append(Problem("config.resume_differs", key=key, values=values))
    if problems:
        raise ConfigurationError(problems)
    earlier = dict(_flat(old))
    changed = [key for key, value in _flat(settings.plain()) if earlier.get(key, value) != value]
    if changed:
        log.warning(text("modeling.resumed_differently", run=run.id, keys=", ".join(changed[:12])).message)
    return _told("modeling.run_resumed", run)


def _shape(config: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """What decides the shape of the weights: fractions (dropout, rates) and the optimizer's numbers do not."""
    yield "base_task", config["base_task"]
    yield "seed", config["seed"]
    yield from ((name, config[name]) for name in ("folds", "group") if name in config)
    for section in ("tokenizer", "vectors", "model", "optimizer", "encoding"):
        values = config.get(section)
        yield f"{section}.name", (values or {}).get("name")
        for key, value in (values or {}).items():
            if section != "optimizer" and not isinstance(value, float):
                yield f"{section}.{key}", value


def _flat(config: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Full key and value of every leaf but those that say what is done, not how."""
    for key, value in config.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        elif prefix or key not in {"stage", "run", "resume", "debug", "compare", "sweep"}:
            yield f"{prefix}{key}", value


def unfinished_runs(parent: Path) -> list[RunFolder]:
    """Runs whose training was not brought to its end and left a checkpoint, the newest last; none of a sweep."""
    runs = [run for run in runs_in(parent) if "sweep" not in run.about() and _is_unfinished(run)]
    return [run for run in runs if run.has_checkpoints()]


def _is_unfinished(run: RunFolder) -> bool:
    begun = [stage for stage in TRAINING if stage in run.about()["stages"]]
    return not begun or not all(run.finished(stage) for stage in begun)


def unfinished_cross_validations(parent: Path) -> list[RunFolder]:
    """Cross-validations that were not brought to their end, the newest last; none of a sweep."""
    runs = [run for run in runs_in(parent) if CROSS_VALIDATE in run.about()["stages"] and "sweep" not in run.about()]
    return [run for run in runs if not run.finished(CROSS_VALIDATE)]


def _told(code: str, run: RunFolder) -> RunFolder:
    log.info(text(code, run=run.id, folder=run.path).message)
    return run
