"""From the name of a promise to the function that keeps a module to it."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Final

from tengjia.testing.subject import Subject

_HOMES: Final = {
    "dataset": "corpora",
    "reader": "corpora",
    "tokenizer": "texts",
    "vectors": "texts",
    "model": "models",
    "criterion": "criteria",
    "optimizer": "optimizers",
    "schedule": "optimizers",
    "evaluator": "scores",
    "trainer": "loops",
    "callbacks": "loops",
    "tester": "scores",
}


def keeping(kind: str, promise: str) -> Callable[[Subject], None]:
    """The function for a promise: `builds_from_defaults` of a model stands in `models.py` as `model_builds_...`."""
    home = importlib.import_module(f"tengjia.testing.{_HOMES[kind]}")
    function: Callable[[Subject], None] = getattr(home, f"{kind}_{promise}")
    return function
