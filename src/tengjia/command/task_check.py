"""All that can be wrong with a task, without running it."""

from __future__ import annotations

from pathlib import Path

from tengjia.command.arguments import read_arguments
from tengjia.command.checks import check_plan, once
from tengjia.command.checks.stages import CROSS_VALIDATE
from tengjia.command.explanation import effects_of
from tengjia.command.reading import make_plan, stages_of
from tengjia.errors import ConfigurationError, Problem


def check_task(root: Path, app: str, task: str) -> list[Problem]:
    """Every mistake in the files of a task: what a command with all its stages would be told, and composing."""
    folder = root / "src" / "applications" / app / "tasks" / task
    stages = [stage for stage in stages_of(folder) if stage != CROSS_VALIDATE]
    alone = [[CROSS_VALIDATE]] if CROSS_VALIDATE in stages_of(folder) else []  # it cannot be one of several
    return once([problem for group in (stages, *alone) for problem in _told(root, app, task, group)])


def _told(root: Path, app: str, task: str, stages: list[str]) -> list[Problem]:
    """What a command with these stages would be told."""
    plan = make_plan(root, read_arguments([f"app={app}", f"task={task}", f"stage=[{','.join(stages)}]"]))
    problems = check_plan(plan)
    if not problems:
        try:
            effects_of(plan)
        except ConfigurationError as error:
            problems = error.problems
    return problems
