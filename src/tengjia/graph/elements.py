"""What a graph is made of: entities and relations, with ids that depend on nothing but their content."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

SEPARATOR: Final = "/"
"""Between the values of a property that has several (`董事长/董事`)."""


@dataclass(frozen=True)
class Entity:
    """A node."""

    id: str
    label: str
    name: str
    aliases: tuple[str, ...] = ()
    properties: Mapping[str, str] = field(default_factory=dict)

    def plain(self) -> dict[str, Any]:
        """As a line of `entities.jsonl`."""
        aliases = {"aliases": list(self.aliases)} if self.aliases else {}
        return {"id": self.id, "label": self.label, "name": self.name, **aliases, "properties": dict(self.properties)}


@dataclass(frozen=True)
class Relation:
    """An edge."""

    id: str
    source: str
    type: str
    target: str
    properties: Mapping[str, str] = field(default_factory=dict)

    def plain(self) -> dict[str, Any]:
        """As a line of `relations.jsonl`."""
        return {
            "id": self.id,
            "source": self.source,
            "type": self.type,
            "target": self.target,
            "properties": dict(self.properties),
        }


def entity_id(label: str, key: tuple[str, ...]) -> str:
    """Id of an entity: the same in every process and from every file that tells the same of it.

    Args:
        label: Its label.
        key: The values that tell it from others of its label.
    """
    return _digest([label, *key])


def relation_id(source: str, kind: str, target: str, properties: Mapping[str, str]) -> str:
    """Id of a relation; two that differ in a property are two."""
    return _digest([source, kind, target, *map(list, sorted(properties.items()))])


def _digest(parts: list[Any]) -> str:
    # JSON tells ["ab", "c"] from ["a", "bc"].
    content = json.dumps(parts, ensure_ascii=True).encode("ascii")
    return hashlib.sha256(content).hexdigest()[:32]
