"""`tengjia startproject DIR`: the tree of this repository for the next project, which has the library installed."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from tengjia.messages import language
from tengjia.scaffold.filling import filled, written_by
from tengjia.scaffold.names import checked_name
from tengjia.scaffold.task import task_on

_FILES: Final = {
    "config_project.yaml": "config_project.yaml",
    "run_modeling.py": "run_modeling.py",
    "pyproject.toml": "pyproject.toml",
    "Makefile": "Makefile",
    ".gitignore": "gitignore",
}
"""File of the project -> its template."""


def project_files(root: Path, app: str, task: str, base: str) -> dict[Path, str]:
    """The files of a new project: the roots of the tree, and an application with a first task that trains at once.

    Args:
        root: Its folder, which may hold other files.
        app: The first application.
        task: The first task.
        base: The base task of that.

    Raises:
        ConfigurationError: A name cannot be one, or something of the tree is there already.
    """
    checked_name("app", app)
    checked_name("task", task)
    command = f"tengjia startproject {root.name} --app {app} --task {task}"
    values = {"project": root.name, "app": app, "task": task, "written_by": written_by(command)}
    return {
        **{root / name: filled(f"project/{template}", values) for name, template in _FILES.items()},
        root / "README.md": filled(f"project/README.{language()}.md", values),
        **task_on(root, app, task, base, command=command),
    }
