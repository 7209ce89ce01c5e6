"""Distillation: a small classifier learns from a large one (Hinton et al. 2015; Tang et al. 2019; Jiao et al. 2020).

The functions that a task's step files call. Each is imported when first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tengjia.distillation.stage import distil, train_teacher
    from tengjia.distillation.students import student_config

__all__ = ["distil", "student_config", "train_teacher"]

_HOMES = {"distil": "stage", "student_config": "students", "train_teacher": "stage"}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
