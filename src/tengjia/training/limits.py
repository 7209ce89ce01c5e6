"""Refuses numbers in settings that make no sense, before they do harm.

The check before a run tells them with file and line; this is for modules that are made in Python.
"""

from __future__ import annotations

from typing import Any

from tengjia.config.parameters import Limits, between
from tengjia.errors import ConfigurationError, Problem


def require(section: str, limits: Limits, config: Any) -> None:
    """See that numbers lie within limits, both ends allowed; `None` stands for no number and is fine.

    Args:
        section: Where the settings stand: `trainer`, `callbacks.ema`.
        limits: Those that the module declares.
        config: Its `Config`.

    Raises:
        ConfigurationError: One or more do not; all of them are told.
    """
    problems = []
    for name, (least, most) in limits.items():
        value = getattr(config, name)
        if value is not None and not ((least is None or value >= least) and (most is None or value <= most)):
            values = {"found": value, "allowed": between(least, most)}
            problems.append(Problem("trainer.bad_number", key=f"{section}.{name}", values=values))
    if problems:
        raise ConfigurationError(problems)
