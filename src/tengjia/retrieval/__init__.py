"""Retrieval: texts found by their words (BM25), by their vectors, or by both.

texts -> (terms) -> BM25
      -> (embedder) -> vectors    -> Index -> hits with scores from 0 to 1
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tengjia.retrieval.bm25 import BM25
    from tengjia.retrieval.index import Hit, Index

__all__ = ["BM25", "Hit", "Index"]

_HOMES = {"BM25": "bm25", "Hit": "index", "Index": "index"}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
