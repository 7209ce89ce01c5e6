"""The one Cypher layer: every statement that is ever sent to a graph, whichever database holds it.

Names pass `identifiers.quoted`; values are parameters (`$rows`, `$start`, ...).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from tengjia.graph.elements import SEPARATOR
from tengjia.graph.identifiers import quoted

Verb = Literal["MERGE", "CREATE"]
"""`MERGE` finds or makes; `CREATE` makes, for an empty graph and elements that are all different."""

MOST_ANSWERS: Final = 10_000


@dataclass(frozen=True)
class Statement:
    """Cypher with the values of its parameters."""

    text: str
    parameters: dict[str, Any]


def write_entities(label: str, properties: Iterable[str], rows: list[dict[str, Any]], verb: Verb) -> Statement:
    """Make entities of one label. Rows: `id`, `name`, `aliases` and the properties."""
    names = ["name", "aliases", *sorted(properties)]
    values = ", ".join(f"n.{quoted(name)} = row.{quoted(name)}" for name in names)
    return Statement(f"UNWIND $rows AS row {verb} (n:{quoted(label)} {{id: row.id}}) SET {values}", {"rows": rows})


def write_relations(
    kind: str, ends: tuple[str, str], properties: Iterable[str], rows: list[dict[str, Any]], verb: Verb
) -> Statement:
    """Make relations of one type between entities of two labels. Rows: `id`, `source`, `target` and the properties."""
    source, target = map(quoted, ends)
    values = "".join(f" SET r.{quoted(name)} = row.{quoted(name)}" for name in sorted(properties))
    text = (
        # Two patterns in one MATCH would be a product of all sources and targets in the embedded database.
        f"UNWIND $rows AS row MATCH (a:{source} {{id: row.source}}) MATCH (b:{target} {{id: row.target}}) "
        f"{verb} (a)-[r:{quoted(kind)} {{id: row.id}}]->(b){values}"
    )
    return Statement(text, {"rows": rows})


def unique_ids(label: str) -> Statement:
    """A constraint of Neo4j: ids are unique, and found by an index."""
    return Statement(f"CREATE CONSTRAINT IF NOT EXISTS FOR (n:{quoted(label)}) REQUIRE n.id IS UNIQUE", {})


def entity_table(label: str, properties: Iterable[str]) -> Statement:
    """A table of the embedded database, whose labels are declared."""
    columns = ", ".join(f"{quoted(name)} STRING" for name in ["name", "aliases", *sorted(properties)])
    return Statement(f"CREATE NODE TABLE {quoted(label)}(id STRING, {columns}, PRIMARY KEY(id))", {})


def relation_table(kind: str, ends: Iterable[tuple[str, str]], properties: Iterable[str]) -> Statement:
    """A table of relations of the embedded database."""
    pairs = ", ".join(f"FROM {quoted(source)} TO {quoted(target)}" for source, target in sorted(ends))
    columns = "".join(f", {quoted(name)} STRING" for name in sorted(properties))
    return Statement(f"CREATE REL TABLE {quoted(kind)}({pairs}, id STRING{columns})", {})


@dataclass(frozen=True)
class Node:
    """A place on a path: of a label, and perhaps one of the entities of a slot."""

    label: str
    slot: str = ""


@dataclass(frozen=True)
class Step:
    """From one place on a path to the next."""

    type: str
    forward: bool
    """Whether the relation points the way that the path goes."""


@dataclass(frozen=True)
class Path:
    """What a question asks for, as a way through the graph.

    Args:
        nodes: The places; one more than steps.
        steps: The relations between them.
        wanted: Property of the answer: of the last place, or of the relation of a type.
        has: (Type, property, slot): one of the values of the property is the value of the slot.
    """

    nodes: tuple[Node, ...]
    steps: tuple[Step, ...]
    wanted: tuple[str, str] = ("", "name")
    has: tuple[tuple[str, str, str], ...] = ()


def find(path: Path, slots: dict[str, list[str]], limit: int = MOST_ANSWERS) -> Statement:
    """Follow a path. Gives rows of `id` (of the last place), `name` (of it) and `value` (what is wanted).

    Args:
        path: The way.
        slots: Slot -> ids, or the value, that stand for it.
        limit: Rows at most.
    """
    pattern = f"(n0:{quoted(path.nodes[0].label)})"
    for number, (step, node) in enumerate(zip(path.steps, path.nodes[1:]), 1):
        left, right = ("-", "->") if step.forward else ("<-", "-")
        pattern += f"{left}[r{number}:{quoted(step.type)}]{right}(n{number}:{quoted(node.label)})"
    parameters: dict[str, Any] = {}
    conditions = []
    for number, node in enumerate(path.nodes):
        if node.slot:
            conditions.append(f"n{number}.id IN $n{number}")
            parameters[f"n{number}"] = slots[node.slot]
    for number, (kind, name, slot) in enumerate(path.has):
        conditions.append(_has(_relation(path, kind), name, f"h{number}", parameters, slots[slot][0]))
    last = len(path.nodes) - 1
    conditions += [f"n{second}.id <> n{first}.id" for first, second in _alike(path.nodes)]
    owner, name = path.wanted
    value = f"{_relation(path, owner) if owner else f'n{last}'}.{quoted(name)}"
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    text = (
        f"MATCH {pattern}{where} RETURN DISTINCT n{last}.id AS id, n{last}.name AS name, {value} AS value "
        f"ORDER BY name, id, value LIMIT {int(limit)}"
    )
    return Statement(text, parameters)


def most_linked(path: Path, ids: Sequence[str], limit: int) -> Statement:
    """The last places of a path of one step that are reached from most of the entities given."""
    step, (first, last) = path.steps[0], path.nodes
    left, right = ("-", "->") if step.forward else ("<-", "-")
    text = (
        f"MATCH (a:{quoted(first.label)}){left}[r:{quoted(step.type)}]{right}(b:{quoted(last.label)}) "
        f"WHERE a.id IN $start RETURN b.id AS id, b.name AS name, count(DISTINCT a.id) AS links "
        f"ORDER BY links DESC, name, id LIMIT {int(limit)}"
    )
    return Statement(text, {"start": list(ids)})


def _alike(nodes: Sequence[Node]) -> list[tuple[int, int]]:
    """Pairs of places that must be different entities: nobody is a colleague of his own.

    Without this the databases would differ: Neo4j takes no relation twice on a path, the embedded one does.
    """
    return [
        (first, second)
        for second, node in enumerate(nodes)
        for first, other in enumerate(nodes[:second])
        if node.label == other.label and not (node.slot and node.slot == other.slot)
    ]


def _relation(path: Path, kind: str) -> str:
    return f"r{next(number for number, step in enumerate(path.steps, 1) if step.type == kind)}"


def _has(owner: str, name: str, key: str, parameters: dict[str, Any], value: str) -> str:
    """One of several values: alone, first, last or in the middle. Databases name functions on lists differently."""
    column = f"{owner}.{quoted(name)}"
    parameters |= {
        key: value,
        f"{key}a": value + SEPARATOR,
        f"{key}b": SEPARATOR + value,
        f"{key}c": SEPARATOR + value + SEPARATOR,
    }
    alone, first = f"{column} = ${key}", f"{column} STARTS WITH ${key}a"
    last, between = f"{column} ENDS WITH ${key}b", f"{column} CONTAINS ${key}c"
    return f"({alone} OR {first} OR {last} OR {between})"


def linked(path: Path, ids: Sequence[str]) -> Statement:
    """All last places of a path of one step: rows of `source`, `id`, `name`."""
    step, (first, last) = path.steps[0], path.nodes
    left, right = ("-", "->") if step.forward else ("<-", "-")
    text = (
        f"MATCH (a:{quoted(first.label)}){left}[r:{quoted(step.type)}]{right}(b:{quoted(last.label)}) "
        f"WHERE a.id IN $start RETURN DISTINCT a.id AS source, b.id AS id, b.name AS name ORDER BY source, name, id"
    )
    return Statement(text, {"start": list(ids)})


def names(label: str) -> Statement:
    """What the entities of a label are called: rows of `id`, `name`, `aliases`."""
    return Statement(
        f"MATCH (n:{quoted(label)}) RETURN n.id AS id, n.name AS name, n.aliases AS aliases ORDER BY id", {}
    )


def property_values(kind: str, ends: tuple[str, str], name: str) -> Statement:
    """What a property of relations takes: rows of `value`."""
    source, target = map(quoted, ends)
    text = f"MATCH (a:{source})-[r:{quoted(kind)}]->(b:{target}) RETURN DISTINCT r.{quoted(name)} AS value"
    return Statement(text, {})
