"""Refuses numbers in settings that make no sense, before they do harm."""

from __future__ import annotations

from tengjia.errors import ConfigurationError, Problem


def require(
    section: str, *, at_least: float | None = None, at_most: float | None = None, **values: float | None
) -> None:
    """See that numbers lie between limits, both allowed; `None` stands for no number and is fine.

    Args:
        section: Where the settings stand: `trainer`, `callbacks.ema`.
        at_least: Lower limit.
        at_most: Upper limit.
        values: The settings by name.

    Raises:
        ConfigurationError: One or more do not; all of them are told.
    """
    parts = [f">= {at_least}" if at_least is not None else "", f"<= {at_most}" if at_most is not None else ""]
    allowed = ", ".join(filter(None, parts))
    problems = [
        Problem("trainer.bad_number", key=f"{section}.{name}", values={"found": value, "allowed": allowed})
        for name, value in values.items()
        if value is not None and not _between(value, at_least, at_most)
    ]
    if problems:
        raise ConfigurationError(problems)


def _between(value: float, low: float | None, high: float | None) -> bool:
    return (low is None or value >= low) and (high is None or value <= high)
