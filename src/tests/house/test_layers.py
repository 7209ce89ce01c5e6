"""Imports point one way: each room may use those before it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

LIBRARY = Path(__file__).parents[2] / "tengjia"

LAYERS = [
    {"messages", "__init__"},
    {"errors"},
    {"utilities"},
    {"config"},
    {"registry"},
    {"contracts", "text", "metrics"},
    {"data", "retrieval"},
    {"layers"},
    {"runs", "checkpoint", "distributed"},
    {"bundle", "reports", "crawling"},
    {"store"},
    {"training"},
    {"modules"},
    {"base_tasks"},
    {"exporting", "graph"},
    {"pretrained"},
    {"distillation"},
    {"compatibility"},
    {"scaffold"},
    {"command"},
    {"testing"},
]
RANK = {name: rank for rank, names in enumerate(LAYERS) for name in names}
FILES = sorted(LIBRARY.rglob("*.py"))


def room(file: Path) -> str:
    return file.relative_to(LIBRARY).parts[0].removesuffix(".py")


def imported(tree: ast.Module) -> set[str]:
    """Rooms that a file imports when it is loaded or run; type-checking imports do not count."""
    skipped = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    names: set[str] = set()
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            modules = [node.module] if node.module != "tengjia" else [f"tengjia.{a.name}" for a in node.names]
            names.update(m.split(".")[1] for m in modules if m.startswith("tengjia."))
        elif isinstance(node, ast.Import):
            names.update(a.name.split(".")[1] for a in node.names if a.name.startswith("tengjia."))
    return names


def test_every_room_has_a_place():
    assert {room(file) for file in FILES} <= set(RANK)


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(LIBRARY)))
def test_imports_point_to_earlier_rooms(file: Path):
    own = RANK[room(file)]
    later = {name for name in imported(ast.parse(file.read_text("utf-8"))) if RANK.get(name, -1) > own}
    assert not later, f"{file.name} stands in `{room(file)}` and imports from {sorted(later)}"
