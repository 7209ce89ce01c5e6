"""Where runs and caches are, without composing a whole config."""

from __future__ import annotations

from pathlib import Path

from tengjia.command.project import PROJECT_FILE
from tengjia.config.documents import read_document
from tengjia.config.project import Project


def run_parent(root: Path, app: str | None = None, task: str | None = None) -> Path:
    """`<check_point_root>/<app>/<task>`; what is not said comes from `config_project.yaml`."""
    values = read_document(root / PROJECT_FILE).data or {}
    checkpoints = values.get("check_point_root", Project.check_point_root)
    return root / str(checkpoints) / (app or str(values.get("app", ""))) / (task or str(values.get("task", "")))


def cache_folder(root: Path) -> Path:
    """`cache_root` of the project."""
    values = read_document(root / PROJECT_FILE).data or {}
    return root / str(values.get("cache_root", Project.cache_root))
