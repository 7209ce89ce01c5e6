"""Words about distillation in the user's language."""

from __future__ import annotations

from typing import Any

from tengjia.messages import text


def said(name: str, /, **values: Any) -> str:
    """The word or sentence `distillation.<name>`."""
    return text(f"distillation.{name}", **values).message
