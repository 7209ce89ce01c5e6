"""Words of reports in the user's language."""

from __future__ import annotations

from typing import Any

from tengjia.messages import text


def word(name: str, /, **values: Any) -> str:
    """The word or sentence `report.<name>`."""
    return text(f"report.{name}", **values).message
