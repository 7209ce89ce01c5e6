"""A job: the stages of a command, one after the other, on one run."""

from __future__ import annotations

import contextlib
import importlib
import logging
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tengjia.command.checks.stages import step_file
from tengjia.command.composition import compose_view
from tengjia.command.effective import Effect, take_effect
from tengjia.command.plan import Plan, View
from tengjia.command.run_choice import choose_run
from tengjia.distributed import is_primary
from tengjia.errors import Interrupted, TengjiaError
from tengjia.messages import text
from tengjia.runs.environment import environment
from tengjia.runs.folder import TRAINING, RunFolder
from tengjia.runs.logging import logged_to
from tengjia.utilities.signals import stoppable

if TYPE_CHECKING:
    from omegaconf import DictConfig

log = logging.getLogger(__name__)
Result = dict[str, Any]


@dataclass(frozen=True)
class Stage:
    """One stage of a job."""

    name: str
    step: Callable[..., Any]
    effect: Effect


def run_job(plan: Plan, composed: DictConfig) -> float | None:
    """Run the stages of a plan.

    Args:
        plan: The command.
        composed: What Hydra composed for this job.

    Returns:
        The number by which a sweep would rank this job.
    """
    stages = prepare(plan, composed)
    with logged_to(None, console=is_primary()):
        run = choose_run(plan, [(stage.name, stage.effect.settings) for stage in stages])
        return objective(run_stages(plan, stages, run))


def prepare(plan: Plan, composed: DictConfig) -> list[Stage]:
    """The stages with their configs and functions; whatever is wrong is told before the first one starts."""
    overrides = _task_overrides()
    effects: dict[str, Effect] = {}
    for view in plan.views:
        config = composed if len(plan.views) == 1 else compose_view(view, _known(view, overrides))
        effects[view.part] = take_effect(plan, view, config)
    return [Stage(name, load_step(plan, name), effects[plan.view(name).part]) for name in plan.stages]


def load_step(plan: Plan, stage: str) -> Callable[..., Any]:
    """Import the step file of a stage and give its function."""
    file = step_file(plan.task_folder, stage)
    module = importlib.import_module(f"src.applications.{plan.app}.tasks.{plan.task}.{file.stem}")
    step: Callable[..., Any] = getattr(module, file.stem)
    return step


def run_stages(plan: Plan, stages: list[Stage], run: RunFolder) -> Result:
    """Run stages that were prepared, on a run that was chosen."""
    results: Result = {}
    for number, stage in enumerate(stages):
        if not run.primary and stage.effect.view.part == "testing":
            continue  # one process tests and answers; only training and preprocessing are shared work
        log_root = Path(stage.effect.settings.log_root)
        log_file = log_root / plan.app / plan.task / f"{run.id}.{stage.name}.log"
        left = [later.name for later in stages[number:]]
        with logged_to(log_file if run.primary else None, console=run.primary), going_on(plan, run, left), stoppable():
            _record(plan, run, stage, log_file)
            results.update(_run_stage(plan, run, stage))
    return results


def _run_stage(plan: Plan, run: RunFolder, stage: Stage) -> Result:
    before = set(run.path.glob(f"{stage.name}_result*.json"))
    run.begin(stage.name)
    started = time.perf_counter()
    try:
        result = stage.step(stage.effect.settings, run)
    except (Interrupted, KeyboardInterrupt):
        run.finish(stage.name, "interrupted")
        raise
    except Exception as error:
        run.finish(stage.name, "failed", reason_of(error))
        log.debug("stage %s failed", stage.name, exc_info=error)
        raise
    result = dict(result) if isinstance(result, Mapping) else {}
    # The answers of `apply` went where the user wanted them.
    if result and stage.name != "apply" and not set(run.path.glob(f"{stage.name}_result*.json")) - before:
        run.write_result(stage.name, result)
    run.finish(stage.name)
    _complete_environment(plan, run, stage)
    seconds = time.perf_counter() - started
    log.info(text("modeling.stage_finished", stage=stage.name, seconds=f"{seconds:.1f}", run=run.path).message)
    return result


def reason_of(error: Exception) -> str:
    """Why a stage failed, in a line."""
    if isinstance(error, TengjiaError):
        return f"{error.message} [{error.code}]"
    return f"{type(error).__name__}: {error}"


@contextlib.contextmanager
def going_on(plan: Plan, run: RunFolder, left: Sequence[str]) -> Iterator[None]:
    """Let an interruption say how to go on, as it truly is: there may be no checkpoint, or training may be over.

    Args:
        plan: The command.
        run: Its run.
        left: The stage that is run now, and those that come after it.
    """
    try:
        yield
    except Interrupted as stop:
        values = stop.problem.values
        how, rest = _how_to_go_on(plan, run, left), f"stage=[{','.join(left)}] run={run.id}"
        own = stop.code != "run.interrupted"  # the stage knows better
        raise stop if own else Interrupted(values["signal"], values["saved"], how, rest=rest) from stop


def _how_to_go_on(plan: Plan, run: RunFolder, left: Sequence[str]) -> str:
    if plan.arguments.multirun:
        return "run.interrupted_sweep"  # the sweep says so itself
    if left[0] in TRAINING:
        return "run.interrupted_training" if run.has_checkpoints() else "run.interrupted_early"
    if left[0] == "preprocess":
        return "run.interrupted_preprocessing"
    return "run.interrupted_after_training" if "train" in plan.stages[: -len(left)] else "run.interrupted"


def _record(plan: Plan, run: RunFolder, stage: Stage, log_file: Path) -> None:
    """Write down what this stage is run with. What a run was trained with is never overwritten by a test of it."""
    if run.primary:
        run.describe(logs={**run.about().get("logs", {}), stage.name: str(log_file)})
    content = {"config": stage.effect.public(), "origins": stage.effect.origins()}
    run.write("config" if stage.effect.view.part == "training" else f"{stage.name}_config", content)
    run.write(_environment_name(stage), {"command": _command(), **environment(plan.root)})


def _complete_environment(plan: Plan, run: RunFolder, stage: Stage) -> None:
    if run.primary and "torch" in sys.modules:
        run.write(_environment_name(stage), {"command": _command(), **environment(plan.root)})


def _environment_name(stage: Stage) -> str:
    return "environment" if stage.effect.view.part == "training" else f"{stage.name}_environment"


def _command() -> list[str]:
    # Overrides hold no secrets: those come from the environment.
    return [Path(sys.argv[0]).name, *sys.argv[1:]]


def _task_overrides() -> list[str]:
    from hydra.core.hydra_config import HydraConfig

    return list(HydraConfig.get().overrides.task)


def _known(view: View, overrides: list[str]) -> list[str]:
    """Those overrides of a job that a task file knows."""
    kept = []
    for override in overrides:
        key = override.partition("=")[0].lstrip("+~")
        if key in view.kinds or view.parameter(tuple(key.split("."))) is not None:
            kept.append(override)
    return kept


def objective(results: Result) -> float | None:
    """The number by which a sweep ranks its jobs: the best score of the training."""
    score = results.get("best_score")
    return float(score) if isinstance(score, int | float) else None
