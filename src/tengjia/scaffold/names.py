"""Names that become folders, Python packages and words of a command line."""

from __future__ import annotations

import keyword
import re
from typing import Final

from tengjia.errors import ConfigurationError
from tengjia.messages import text

NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,39}\Z")
RESERVED: Final = frozenset({"con", "nul", "aux", "prn", "tasks", "src", "tengjia", "none", "true", "false"})
"""Devices of Windows, folders of the house, and words that YAML takes for values."""

_WHAT: Final = {"module": "scaffold.of_module", "task": "scaffold.of_task", "app": "scaffold.of_app"}


def checked_name(what: str, name: str) -> str:
    """A name, if it can be one.

    Args:
        what: `task`, `app` or `module`: what is to be named.
        name: The name.

    Raises:
        ConfigurationError: It is no name of a Python package in small letters; a name that would do is told.
    """
    of = text(_WHAT[what]).message
    if not name.isascii():
        raise ConfigurationError("scaffold.not_ascii", found=name, what=of)
    if keyword.iskeyword(name) or name in RESERVED:
        raise ConfigurationError("scaffold.reserved", found=name, what=of, example=f"my_{name}")
    if not NAME.match(name):
        raise ConfigurationError("scaffold.bad_name", found=name, what=of, example=_mended(name))
    return name


def class_name(name: str) -> str:
    """`my_model` -> `MyModel`."""
    return "".join(part.capitalize() for part in name.split("_"))


def _mended(name: str) -> str:
    parts = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+|[0-9]+", name)
    mended = re.sub(r"^[0-9_]+", "", "_".join(part.lower() for part in parts))[:40]
    return mended if NAME.match(mended) and not keyword.iskeyword(mended) else "my_name"
