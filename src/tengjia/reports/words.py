"""Words of reports in the user's language."""

from __future__ import annotations

from typing import Any

from tengjia.messages import catalogue, text


def word(name: str, /, **values: Any) -> str:
    """The word or sentence `report.<name>`."""
    return text(f"report.{name}", **values).message


def word_or_name(code: str, name: str | None = None) -> str:
    """The word `report.<code>`; where there is none, as for what a project named itself, the name."""
    return word(code) if f"report.{code}" in catalogue("report") else name or code
