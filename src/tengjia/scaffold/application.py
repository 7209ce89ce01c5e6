"""`tengjia startapp`: an application with its first task."""

from __future__ import annotations

from pathlib import Path

from tengjia.errors import ConfigurationError
from tengjia.scaffold.names import checked_name
from tengjia.scaffold.task import task_on


def application_files(root: Path, app: str, task: str, base: str) -> dict[Path, str]:
    """The files of a new application: its packages, and its first task with sample and test.

    Raises:
        ConfigurationError: A name cannot be one or is taken, or there is no such base task.
    """
    checked_name("app", app)
    folder = root / "src" / "applications" / app
    if folder.exists():
        raise ConfigurationError("scaffold.exists", file=folder, found=folder.name)
    return task_on(root, app, task, base, command=f"tengjia startapp {app} --task {task} --base {base}")
