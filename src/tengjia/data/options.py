"""Options of readers whose values their types cannot say."""

from __future__ import annotations

from tengjia.errors import ConfigurationError


def at_least_one(**values: int | None) -> None:
    """Refuse numbers below 1; `None` means that there is none.

    Raises:
        ConfigurationError: One is.
    """
    for option, value in values.items():
        if value is not None and value < 1:
            raise ConfigurationError("data.bad_option", key=f"reader.{option}", found=value, allowed="1 or more")


def of_length(option: str, value: str, least: int, most: int, allowed: str) -> None:
    """Refuse a text of another length.

    Raises:
        ConfigurationError: It is shorter than `least` or longer than `most`.
    """
    if not least <= len(value) <= most:
        raise ConfigurationError("data.bad_option", key=f"reader.{option}", found=repr(value), allowed=allowed)
