"""Entities and relations read from files: CSV, TSV or JSON, in our own columns or in those of `neo4j-admin import`.

entities    id, label, name, aliases, further columns        or  :ID, name, :LABEL, age:int
relations   id, source, type, target, further columns        or  :START_ID, :END_ID, :TYPE
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tengjia.contracts import Rejects
from tengjia.data.spans import BadRow
from tengjia.graph.backends import Schema
from tengjia.graph.elements import SEPARATOR, Entity, Relation, entity_id, relation_id
from tengjia.graph.identifiers import LONGEST, RESERVED, is_identifier, shown
from tengjia.graph.rows import Row, read_rows

LONGEST_NAME: Final = 20_000
"""Characters of a name: answers are names too."""
_ADMIN: Final = re.compile(r"(?P<name>[^:]*):(?P<role>[A-Za-z_]+)(?:\((?P<space>[^)]*)\))?(?P<many>\[\])?\Z")
_ROLES: Final = {"ID": "id", "LABEL": "label", "START_ID": "source", "END_ID": "target", "TYPE": "type"}
_OWN: Final = frozenset({"id", "label", "name", "aliases", "source", "type", "target", "properties"})


@dataclass
class Contents:
    """A graph in memory, every element once."""

    entities: dict[str, Entity] = field(default_factory=dict)
    relations: dict[str, Relation] = field(default_factory=dict)

    def schema(self) -> Schema:
        """Labels, types and properties that occur."""
        schema = Schema()
        for entity in self.entities.values():
            schema.properties.setdefault(entity.label, set()).update(entity.properties)
        for relation in self.relations.values():
            ends = self.entities[relation.source].label, self.entities[relation.target].label
            schema.ends.setdefault(relation.type, set()).add(ends)
            schema.relation_properties.setdefault(relation.type, set()).update(relation.properties)
        return schema

    def by_label(self) -> dict[str, list[Entity]]:
        """Entities of each label, in the order of their first mention."""
        found: dict[str, list[Entity]] = defaultdict(list)
        for entity in self.entities.values():
            found[entity.label].append(entity)
        return found

    def by_ends(self) -> dict[tuple[str, str, str], list[Relation]]:
        """Relations of each type and pair of labels."""
        found: dict[tuple[str, str, str], list[Relation]] = defaultdict(list)
        for relation in self.relations.values():
            source, target = self.entities[relation.source], self.entities[relation.target]
            found[relation.type, source.label, target.label].append(relation)
        return found

    def values(self, kind: str, name: str) -> list[str]:
        """The values that a property of a type of relation takes, apart."""
        found = {
            value
            for relation in self.relations.values()
            if relation.type == kind
            for value in relation.properties.get(name, "").split(SEPARATOR)
        }
        return sorted(found - {""})

    def add(self, entity: Entity) -> list[str]:
        """Take in an entity; what is known of it already is completed, not overwritten.

        Returns:
            Properties of which it says something else than was said before.

        Raises:
            BadRow: An entity of this id has another label.
        """
        known = self.entities.get(entity.id)
        if known is None:
            self.entities[entity.id] = entity
            return []
        if known.label != entity.label:
            raise BadRow("graph.two_labels", id=shown(entity.id), found=entity.label, first=known.label)
        named = known.name or entity.name
        others = [name for name in (entity.name,) if name and name != named]
        aliases = tuple(dict.fromkeys([*known.aliases, *entity.aliases, *others]))
        merged = Entity(known.id, known.label, named, aliases, {**entity.properties, **known.properties})
        self.entities[known.id] = merged
        return [name for name, value in entity.properties.items() if merged.properties[name] != value]


def read_contents(entities: list[Path], relations: list[Path], rejects: Rejects) -> Contents:
    """Read all files; rows that make no sense go to the rejects.

    Raises:
        DataError: A file is missing, or is of an unknown kind.
    """
    contents = Contents()
    for path in entities:
        for row in read_rows(path, rejects):
            with_rejects(row, rejects, lambda row: _take_entity(contents, row, rejects))
    for path in relations:
        for row in read_rows(path, rejects):
            with_rejects(row, rejects, lambda row: _take_relation(contents, row))
    return contents


def with_rejects(row: Row, rejects: Rejects, take: Any) -> None:
    """Do something with a row, which is set aside if it makes no sense."""
    try:
        take(row)
    except BadRow as fault:
        rejects.add(fault.code, file=row.file, line=row.line, text=row.text, **fault.values)


def _take_entity(contents: Contents, row: Row, rejects: Rejects) -> None:
    columns = _columns(row.values)
    label, *further = [part.strip() for part in row.one(columns.get("label", "label")).split(";")]
    name = row.one(columns.get("name", "name"))
    check_label("label", label)
    check_name(name)
    properties = _properties(row, columns)
    if further:
        properties["labels"] = SEPARATOR.join(further)
    given = row.one(columns.get("id", "id"))
    identity = _spaced(row.values, columns, "id", given) if given else entity_id(label, (name,))
    aliases = tuple(row.all(columns.get("aliases", "aliases")))
    for alias in aliases:
        check_name(alias)
    for changed in contents.add(Entity(identity, label, name, aliases, properties)):
        rejects.note("graph.contradiction", file=row.file, line=row.line, text=row.text, found=changed, name=name)


def _take_relation(contents: Contents, row: Row) -> None:
    columns = _columns(row.values)
    ends = [_spaced(row.values, columns, end, row.one(columns.get(end, end))) for end in ("source", "target")]
    kind = row.one(columns.get("type", "type"))
    check_label("type", kind)
    for end, identity in zip(("source", "target"), ends):
        if identity not in contents.entities:
            raise BadRow("graph.no_entity", found=shown(identity), end=end)
    properties = _properties(row, columns)
    given = row.one("id") if "id" in row.values else ""
    identity = given or relation_id(ends[0], kind, ends[1], properties)
    known = contents.relations.setdefault(identity, Relation(identity, ends[0], kind, ends[1], properties))
    if (known.source, known.type, known.target) != (ends[0], kind, ends[1]):
        raise BadRow("graph.two_relations", id=shown(identity))


def check_label(role: str, name: str) -> None:
    """Refuse a label, a type or a property that cannot stand in a statement.

    Raises:
        BadRow: It is empty, too long, or holds more than letters, digits and `_`.
    """
    if not is_identifier(name):
        raise BadRow("graph.bad_label", role=role, found=shown(name), limit=LONGEST)


def check_name(name: str) -> None:
    """Refuse a name that is none.

    Raises:
        BadRow: It is empty or too long.
    """
    if not name:
        raise BadRow("graph.no_name")
    if len(name) > LONGEST_NAME:
        raise BadRow("graph.too_long", column="name", found=len(name), limit=LONGEST_NAME)


def _columns(values: Mapping[str, Any]) -> dict[str, str]:
    """What a column is for -> its name, where that is written as for `neo4j-admin import`."""
    found: dict[str, str] = {}
    for column in values:
        if (match := _ADMIN.match(column)) is not None:
            role = _ROLES.get(match["role"])
            found[role or match["name"]] = column
    return found


def _spaced(values: Mapping[str, Any], columns: Mapping[str, str], role: str, value: str) -> str:
    """An id with its id space: `:ID(Stock)`."""
    match = _ADMIN.match(columns.get(role, ""))
    space = match["space"] if match else None
    return f"{space}:{value}" if space else value


def _properties(row: Row, columns: Mapping[str, str]) -> dict[str, str]:
    """The further columns, and the object `properties` of a JSON line; empty values are left out."""
    special = {columns.get(role, role) for role in _OWN}
    inner = row.values.get("properties")
    if inner is not None and not isinstance(inner, Mapping):
        raise BadRow("graph.no_object", column="properties", found=shown(inner))
    names = {column: column for column in row.values if column not in special}
    names |= {columns[name]: name for name in columns if columns[name] in names}
    names |= {f"properties.{name}": name for name in inner or {}}
    return dict(_checked(row, names))


def _checked(row: Row, names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for column, name in names.items():
        check_label("property", name)
        if name in RESERVED:
            raise BadRow("graph.reserved", found=name)
        if value := SEPARATOR.join(value for value in row.all(column) if value):
            yield name, value
