"""Sweeps (`-m`): many jobs from one command, each a run of its own, that can be stopped and gone on with.

<check_point_root>/<app>/<task>/sweeps/<sweep>/jobs/<key>.json     what became of each job
<check_point_root>/<app>/<task>/<sweep>-<number>/                  its run
"""

from __future__ import annotations

import contextlib
import hashlib
import sys
import time
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tengjia.command.exits import BUG
from tengjia.command.hydra_nodes import check_plugin_nodes
from tengjia.command.plan import Plan
from tengjia.config.interpolation import resolved
from tengjia.distributed import is_primary
from tengjia.errors import CheckpointError, Interrupted, TengjiaError
from tengjia.messages import text
from tengjia.reports.terminal import table
from tengjia.runs.folder import NAME, RunFolder
from tengjia.runs.states import state_word
from tengjia.utilities.files import read_json, write_json

if TYPE_CHECKING:
    from omegaconf import DictConfig

LEFT_OUT = ("sweep", "debug")
"""Settings that do not make another job."""

HEADS = (
    "modeling.table_job",
    "modeling.table_score",
    "modeling.table_state",
    "modeling.table_overrides",
    "modeling.table_run",
)


class SweepStopped(KeyboardInterrupt):
    """Carries a request to stop through Hydra, which takes every `Exception` for the failure of one job."""

    def __init__(self, cause: BaseException) -> None:
        super().__init__()
        self.cause = cause


@dataclass(frozen=True)
class Sweep:
    """A sweep on disk."""

    folder: Path

    @property
    def id(self) -> str:
        """Its name, with which the names of its runs begin."""
        return self.folder.name

    def record_file(self, overrides: Sequence[str]) -> Path:
        """Where the record of the job with these overrides is kept."""
        counted = sorted(one for one in overrides if one.partition("=")[0].lstrip("+~") not in LEFT_OUT)
        key = hashlib.sha256("\n".join(counted).encode("utf-8")).hexdigest()[:16]
        return self.folder / "jobs" / f"{key}.json"

    def records(self) -> list[dict[str, Any]]:
        """What became of each job, in the order of their numbers."""
        records = [read_json(file) for file in (self.folder / "jobs").glob("[!.]*.json")]
        return sorted(records, key=lambda record: record["number"])


def sweep(plan: Plan) -> int:
    """Run a sweep, and print the table of its results; gives the exit code of the first job that failed, else 0."""
    from tengjia.command.modeling import run_hydra

    check_plugin_nodes(plan)
    parent = _parent(plan)
    this = _choose_sweep(parent, plan)
    words = [f"sweep='{this.id}'", *_optuna_words(plan)]
    failure: BaseException | None = None
    try:
        run_hydra(plan, words)
    except SweepStopped as stopped:
        failure = stopped.cause
    except Exception as error:
        failure = error
    if is_primary():
        print(sweep_table(this, plan))
    if isinstance(failure, Interrupted | KeyboardInterrupt):
        print(text("modeling.sweep_stopped", sweep=this.id).hint, file=sys.stderr)
        raise failure
    failed = [record for record in this.records() if record["state"] == "failed"]
    if failed:
        print(text("modeling.sweep_failed", count=len(failed), sweep=this.id).message, file=sys.stderr)
        return int(failed[0]["exit_code"])
    if failure is not None:
        raise failure
    return 0


def run_sweep_job(plan: Plan, composed: DictConfig) -> float | None:
    """Run one job of a sweep, unless it was finished before; gives the number by which jobs are ranked."""
    from hydra.core.hydra_config import HydraConfig

    from tengjia.command.job import objective

    config = HydraConfig.get()
    overrides, number = list(config.overrides.task), int(config.job.num)
    this = Sweep(_parent(plan) / "sweeps" / str(composed.sweep))
    file = this.record_file(overrides)
    record: dict[str, Any] = (
        read_json(file) if file.is_file() else {"number": number, "overrides": overrides, "state": "new"}
    )
    if record["state"] == "finished":
        _say("modeling.job_known", number=record["number"], overrides=_varied(plan, record), run=record["run"])
        return objective(record["result"])
    if file.is_file():
        number = record["number"]
    else:
        number = record["number"] = max([number - 1, *(known["number"] for known in this.records())]) + 1
    _say("modeling.job_begins", number=number, overrides=_varied(plan, record))
    try:
        return _run(plan, composed, this, file, record)
    except (Interrupted, KeyboardInterrupt) as error:
        raise SweepStopped(error) from error
    except Exception as error:
        words = error.problem.message if isinstance(error, TengjiaError) else f"{type(error).__name__}: {error}"
        _say("modeling.job_failed", number=number, overrides=_varied(plan, record), reason=words)
        if not isinstance(error, TengjiaError) or "debug" in plan.arguments.switches:
            traceback.print_exception(error)
        raise


def _run(plan: Plan, composed: DictConfig, this: Sweep, file: Path, record: dict[str, Any]) -> float | None:
    from tengjia.command.job import objective, prepare, run_stages
    from tengjia.runs.logging import logged_to

    record["state"] = "failed"
    try:
        stages = prepare(plan, composed)
        with logged_to(None, console=is_primary()):
            run = _run_folder(plan, this, record, stages[0].effect.settings.seed)
            record.update(run=run.id, state="running")
            write_json(file, record)
            record["result"] = run_stages(plan, stages, run)
        record["state"] = "finished"
        return objective(record["result"])
    except (Interrupted, KeyboardInterrupt):
        record["state"] = "interrupted"
        raise
    except Exception as error:
        record.update(state="failed", error=str(error), exit_code=getattr(error, "exit_code", BUG))
        raise
    finally:
        write_json(file, record)


def _run_folder(plan: Plan, this: Sweep, record: dict[str, Any], seed: int) -> RunFolder:
    """The run of a job: that of an earlier attempt, whose checkpoints are then gone on with, or a new one."""
    parent = this.folder.parent.parent
    if record.get("run") and (parent / record["run"] / "run.json").is_file():
        return RunFolder(parent / record["run"])
    name = f"{this.id}-{record['number']:03d}"
    run = RunFolder.create(parent, seed=seed, app=plan.app, task=plan.task, name=name)
    run.describe(sweep=this.id)
    return run


def _parent(plan: Plan) -> Path:
    merged = plan.views[0].merged()
    known = {".".join(key): assignment.value for key, assignment in merged.items()}
    return plan.root / str(resolved(known["check_point_root"], known)) / plan.app / plan.task


def _choose_sweep(parent: Path, plan: Plan) -> Sweep:
    """The sweep that the command goes on with, or a new one."""
    wanted = plan.views[0].merged()[("sweep",)].value
    known = sorted(folder.parent.name for folder in (parent / "sweeps").glob("*/jobs"))
    if wanted is None:
        name = f"sweep-{time.strftime('%Y%m%d-%H%M%S')}"
        while name in known:
            name += "-2"
        (parent / "sweeps" / name / "jobs").mkdir(parents=True)
        _say("modeling.sweep_begins", sweep=name)
        return Sweep(parent / "sweeps" / name)
    name = known[-1] if wanted == "latest" and known else str(wanted)
    if name not in known or not NAME.match(name):
        raise CheckpointError("modeling.no_sweep", found=wanted, folder=parent, allowed=", ".join(known[-8:]) or "-")
    _say("modeling.sweep_resumed", sweep=name)
    return Sweep(parent / "sweeps" / name)


def _optuna_words(plan: Plan) -> list[str]:
    """What optuna has to be told: a failed job is not the end, and whether larger is better."""
    given = [override.key for override in plan.overrides]
    if not any(override.key == "hydra/sweeper" and override.values == ["optuna"] for override in plan.overrides):
        return []
    words = [] if "hydra.sweeper.max_failure_rate" in given else ["hydra.sweeper.max_failure_rate=1.0"]
    view = plan.views[0]
    evaluator = view.schema("evaluator", view.chosen("evaluator"))
    monitor = view.merged().get(("trainer", "monitor"))
    metrics = evaluator.attributes.get("metrics", {}) if evaluator else {}
    if "hydra.sweeper.direction" not in given and monitor is not None and isinstance(metrics, dict):
        rising = metrics.get(str(monitor.value).partition("/")[0]) == "max"  # `entity_f1/NAME` rises as `entity_f1`
        words.append(f"hydra.sweeper.direction={'maximize' if rising else 'minimize'}")
    return words


def sweep_table(this: Sweep, plan: Plan) -> str:
    """The results of a sweep, the best first."""
    rows = []
    for record in sorted(this.records(), key=_rank):
        result = record.get("result", {})
        score = result.get("best_score")
        shown = f"{score:.4f}" if isinstance(score, float) else "-"
        rows.append(
            [
                str(record["number"]),
                shown,
                state_word(record["state"]),
                _varied(plan, record),
                str(record.get("run", "-")),
            ]
        )
    heads = [text(code).message for code in HEADS]
    return table(heads, rows)


def _rank(record: dict[str, Any]) -> tuple[bool, float, int]:
    result = record.get("result", {})
    score = result.get("best_score")
    if not isinstance(score, int | float):
        return True, 0.0, record["number"]
    return False, score if result.get("direction") == "min" else -score, record["number"]


def _varied(plan: Plan, record: dict[str, Any]) -> str:
    """The overrides in which the jobs of a sweep differ."""
    swept = {override.key for override in plan.overrides if override.sweep}
    return " ".join(one for one in record["overrides"] if one.partition("=")[0] in swept) or "-"


def _say(code: str, **values: Any) -> None:
    if is_primary():
        with contextlib.suppress(BrokenPipeError):
            print(text(code, **values).message, file=sys.stderr, flush=True)
