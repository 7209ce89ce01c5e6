"""Which project a command is about."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from tengjia.errors import ConfigurationError

PROJECT_FILE: Final = "config_project.yaml"


def find_root(start: Path | None = None) -> Path:
    """The nearest folder, from `start` (default: the working directory) upwards, that holds `config_project.yaml`.

    Raises:
        ConfigurationError: There is none.
    """
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / PROJECT_FILE).is_file():
            return folder
    raise ConfigurationError("command.no_project", folder=here, found=PROJECT_FILE)


def make_importable(root: Path) -> None:
    """Let what a project brings be imported (`src.modules...`), as `run_modeling.py` beside it does."""
    for place in (str(root / "src"), str(root)):
        if place not in sys.path:
            sys.path.insert(0, place)
