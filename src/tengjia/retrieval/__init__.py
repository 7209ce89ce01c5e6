"""Retrieval: texts found by their words (BM25), by their vectors, or by both.

texts -> (terms) -> BM25
      -> (embedder) -> vectors    -> Index -> hits with scores from 0 to 1
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tengjia.utilities.lazy_names import lazily

if TYPE_CHECKING:
    from tengjia.retrieval.bm25 import BM25
    from tengjia.retrieval.index import Hit, Index

__all__ = ["BM25", "Hit", "Index"]

__getattr__ = lazily(__name__, {"BM25": ".bm25", "Hit": ".index", "Index": ".index"})
