"""Where a repository comes from."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def located(path: Path | str, repo: str | Path | None = None, **options: Any) -> Path:
    """The folder."""
    return Path(path) if repo is None else Path(path) / repo
