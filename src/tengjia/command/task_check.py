"""All that can be wrong with a task, without running it."""

from __future__ import annotations

from pathlib import Path

from tengjia.command.arguments import read_arguments
from tengjia.command.checks import check_plan, once
from tengjia.command.explanation import effects_of
from tengjia.command.reading import make_plan, stages_of
from tengjia.errors import ConfigurationError, Problem


def check_task(root: Path, app: str, task: str) -> list[Problem]:
    """Every mistake in the files of a task: what a command with all its stages would be told, and composing."""
    folder = root / "src" / "applications" / app / "tasks" / task
    stages = ",".join(stages_of(folder))
    plan = make_plan(root, read_arguments([f"app={app}", f"task={task}", f"stage=[{stages}]"]))
    problems = check_plan(plan)
    if not problems:
        try:
            effects_of(plan)
        except ConfigurationError as error:
            problems = error.problems
    return once(problems)
