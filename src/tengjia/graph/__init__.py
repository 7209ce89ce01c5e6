"""Knowledge graphs: built from rows, loaded into a graph database, asked in plain language.

rows -> (mapping) -> entities and relations -> (Cypher) -> graph -> (dictionary, templates) -> answers
"""

from __future__ import annotations

from tengjia.graph.application import apply
from tengjia.graph.building import build
from tengjia.graph.loading import load

__all__ = ["apply", "build", "load"]
