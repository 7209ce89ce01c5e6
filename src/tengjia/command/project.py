"""Which project a command is about."""

from __future__ import annotations

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
