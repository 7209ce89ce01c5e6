"""A graph in memory, written to a database in batches."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from tengjia.graph.backends import Backend
from tengjia.graph.contents import Contents
from tengjia.graph.elements import Entity, Relation
from tengjia.graph.statements import write_entities, write_relations

Item = TypeVar("Item")
ALIAS_SEPARATOR = "\n"


def write_contents(
    contents: Contents, backend: Backend, *, batch_size: int, done: Callable[[int], None] = lambda count: None
) -> None:
    """Write every element. Written again, it changes nothing; interrupted, it can be done anew.

    Args:
        contents: What to write.
        backend: Where.
        batch_size: Elements of one statement, which is one transaction.
        done: Told of the elements written so far, and may raise to stop.
    """
    schema = contents.schema()
    backend.declare(schema)
    count = 0
    for label, entities in contents.by_label().items():
        properties = schema.properties[label]
        for portion in _portions(entities, batch_size):
            rows = [_entity_row(entity, properties) for entity in portion]
            backend.run(write_entities(label, properties, rows, backend.verb))
            count += len(portion)
            done(count)
    for (kind, *ends), relations in contents.by_ends().items():
        properties = schema.relation_properties[kind]
        for some in _portions(relations, batch_size):
            rows = [_relation_row(relation, properties) for relation in some]
            backend.run(write_relations(kind, (ends[0], ends[1]), properties, rows, backend.verb))
            count += len(some)
            done(count)


def _entity_row(entity: Entity, properties: set[str]) -> dict[str, Any]:
    values = {name: entity.properties.get(name) for name in properties}
    aliases = ALIAS_SEPARATOR.join(entity.aliases) or None
    return {"id": entity.id, "name": entity.name, "aliases": aliases, **values}


def _relation_row(relation: Relation, properties: set[str]) -> dict[str, Any]:
    values = {name: relation.properties.get(name) for name in properties}
    return {"id": relation.id, "source": relation.source, "target": relation.target, **values}


def _portions(items: Sequence[Item], size: int) -> Iterator[Sequence[Item]]:
    for first in range(0, len(items), size):
        yield items[first : first + size]
