"""Words of reports in the user's language."""

from __future__ import annotations

from typing import Any

from tengjia.messages import catalogue, text


def word(name: str, /, **values: Any) -> str:
    """The word or sentence `report.<name>`."""
    return text(f"report.{name}", **values).message


def word_or_name(name: str) -> str:
    """The word `report.<name>`; for what a project named itself, that name."""
    return word(name) if f"report.{name}" in catalogue("report") else name
