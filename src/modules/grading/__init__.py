"""Grading of answers: the score, and the points of the reference that an answer meets and misses.

What only this project needs stands here, on the library's text matching. The functions that a task's step files call:
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from src.modules.grading.application import apply
    from src.modules.grading.testing import test

__all__ = ["apply", "test"]


def __getattr__(name: str) -> Any:
    if name == "apply":
        from src.modules.grading.application import apply

        return apply
    if name == "test":
        from src.modules.grading.testing import test

        return test
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
