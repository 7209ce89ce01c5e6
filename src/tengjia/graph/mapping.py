"""What rows say: a mapping (YAML of the task) from columns to entities and relations.

    sources:
      - files: [pages.jsonl]                  # relative to dataset_root
        entities:
          question: {label: question, name: title, properties: {url: url}}
          feature: {label: feature, name: fields.features}
        relations:
          - {type: question2feature, source: question, target: feature}

A column with several values (a list in JSON; a cell that `split` divides) makes several entities. `key` names the
columns that tell an entity from others of its label; its id is a hash of label and key. With
`triples: {title: title, attribute: attribute, value: value}` the rows are triples, and those of one title that follow
one another become one row whose columns are the attributes. `when: {kind: job}` looks at some rows only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tengjia.config.documents import read_document
from tengjia.contracts import Rejects
from tengjia.data.spans import BadRow
from tengjia.errors import ConfigurationError, Problem
from tengjia.graph.contents import Contents, check_name
from tengjia.graph.elements import SEPARATOR, Entity, Relation, entity_id, relation_id
from tengjia.graph.identifiers import LONGEST, RESERVED, is_identifier, shown
from tengjia.graph.rows import Row, read_rows
from tengjia.utilities.suggestions import suggestions

_SOURCE: Final = frozenset({"files", "when", "triples", "entities", "relations"})
_ENTITY: Final = frozenset({"label", "name", "key", "aliases", "split", "properties"})
_RELATION: Final = frozenset({"type", "source", "target", "properties"})
_TRIPLE: Final = ("title", "attribute", "value")


@dataclass(frozen=True)
class EntityRule:
    """Which columns make an entity."""

    label: str
    name: str
    key: tuple[str, ...]
    aliases: str
    split: str
    properties: Mapping[str, str]


@dataclass(frozen=True)
class RelationRule:
    """Which entities of a row are related."""

    type: str
    source: str
    target: str
    properties: Mapping[str, str]


@dataclass(frozen=True)
class Source:
    """What the rows of some files say."""

    files: tuple[str, ...]
    when: Mapping[str, str]
    """Column -> value that a row must have to be looked at."""

    triples: Mapping[str, str] | None
    entities: Mapping[str, EntityRule]
    relations: tuple[RelationRule, ...]


def read_mapping(file: Path) -> tuple[Source, ...]:
    """Read and check a mapping.

    Raises:
        ConfigurationError: It is not there, no YAML, or no mapping; every mistake is told.
    """
    document = read_document(file)
    problems = list(document.problems)
    sources: list[Source] = []
    if not problems:
        work = _Reading(str(file), document.line, problems)
        work.known(document.data, frozenset({"sources"}), ())
        for number, value in enumerate(work.items(document.data.get("sources"), "sources")):
            sources.append(work.source(value, ("sources", number)))
    if problems:
        raise ConfigurationError(problems)
    return tuple(sources)


class _Reading:
    """Reads the parts of a mapping and collects what is wrong."""

    def __init__(self, file: str, line: Any, problems: list[Problem]) -> None:
        self.file, self.line, self.problems = file, line, problems

    def report(self, code: str, place: tuple[Any, ...], **values: Any) -> None:
        """Note a mistake."""
        self.problems.append(Problem(code, self.file, self.line(*place), ".".join(map(str, place)), values))

    def known(self, values: Mapping[str, Any], allowed: frozenset[str], place: tuple[Any, ...]) -> None:
        """Report keys that mean nothing."""
        for key in values:
            if key not in allowed:
                near, names = suggestions(key, allowed), ", ".join(sorted(allowed))
                self.report("graph.unknown_key", (*place, key), found=shown(key), nearest=near, allowed=names)

    def items(self, value: Any, *place: Any) -> list[Any]:
        """A list that is not empty."""
        if not isinstance(value, list) or not value:
            self.report("graph.not_this", place, found=shown(value), allowed="[...]")
            return []
        return value

    def texts(self, value: Any, place: tuple[Any, ...]) -> dict[str, str]:
        """A mapping of texts to texts, or nothing."""
        said = {} if value is None else value
        if not isinstance(said, Mapping) or not all(isinstance(each, str) for pair in said.items() for each in pair):
            self.report("graph.not_this", place, found=shown(value), allowed="{...: ...}")
            return {}
        return dict(said)

    def source(self, value: Any, place: tuple[Any, ...]) -> Source:
        """One source."""
        said = dict(value) if isinstance(value, Mapping) else {}
        self.known(said, _SOURCE, place)
        files = tuple(map(str, self.items(said.get("files"), *place, "files")))
        triples = self.texts(said["triples"], (*place, "triples")) if said.get("triples") is not None else None
        if triples is not None and set(triples) != set(_TRIPLE):
            self.report("graph.not_this", (*place, "triples"), found=shown(triples), allowed=", ".join(_TRIPLE))
        entities = said.get("entities")
        if not isinstance(entities, Mapping) or not entities:
            self.report("graph.not_this", (*place, "entities"), found=shown(entities), allowed="{...: {label, name}}")
            entities = {}
        rules = {str(name): self.entity(rule, (*place, "entities", name)) for name, rule in entities.items()}
        relations = said.get("relations") or []
        found = tuple(
            self.relation(each, rules, (*place, "relations", number))
            for number, each in enumerate(relations if isinstance(relations, list) else [relations])
        )
        when = self.texts(said.get("when"), (*place, "when"))
        return Source(files, when, triples, rules, found)

    def identifier(self, value: Any, place: tuple[Any, ...]) -> str:
        """A label, a type or a property."""
        if not is_identifier(value):
            self.report("graph.bad_identifier", place, found=shown(value), limit=LONGEST)
            return ""
        return str(value)

    def entity(self, value: Any, place: tuple[Any, ...]) -> EntityRule:
        """The rule of an entity."""
        said = dict(value) if isinstance(value, Mapping) else {}
        self.known(said, _ENTITY, place)
        name = said.get("name")
        if not isinstance(name, str) or not name:
            self.report("graph.not_this", (*place, "name"), found=shown(name), allowed="name: COLUMN")
            name = ""
        key = said.get("key") or [name]
        return EntityRule(
            self.identifier(said.get("label"), (*place, "label")),
            name,
            tuple(map(str, key if isinstance(key, list) else [key])),
            str(said.get("aliases") or ""),
            str(said.get("split") or ""),
            self.properties(said.get("properties"), (*place, "properties")),
        )

    def properties(self, value: Any, place: tuple[Any, ...]) -> dict[str, str]:
        """Property -> column."""
        found = self.texts(value, place)
        for name in found:
            self.identifier(name, (*place, name))
            if name in RESERVED:
                self.report("graph.reserved", (*place, name), found=name)
        return found

    def relation(self, value: Any, entities: Mapping[str, Any], place: tuple[Any, ...]) -> RelationRule:
        """The rule of a relation."""
        said = dict(value) if isinstance(value, Mapping) else {}
        self.known(said, _RELATION, place)
        for end in ("source", "target"):
            if said.get(end) not in entities:
                near, known = suggestions(said.get(end), entities), ", ".join(entities) or "-"
                values = {"role": end, "found": shown(said.get(end)), "nearest": near, "allowed": known}
                self.report("graph.not_in_mapping", (*place, end), **values)
        kind = self.identifier(said.get("type"), (*place, "type"))
        properties = self.properties(said.get("properties"), (*place, "properties"))
        return RelationRule(kind, str(said.get("source")), str(said.get("target")), properties)


def build_contents(sources: Iterable[Source], root: Path, rejects: Rejects) -> Contents:
    """Entities and relations out of all rows; rows that make no sense go to the rejects, whole.

    Args:
        sources: The mapping.
        root: Where its files lie.
        rejects: Takes rows that make no sense.

    Raises:
        DataError: A file is missing, or is of an unknown kind.
    """
    contents = Contents()
    for source in sources:
        for file in source.files:
            rows = read_rows(root / file, rejects)
            for row in rows if source.triples is None else _joined(rows, source.triples, rejects):
                try:
                    _take(contents, source, row, rejects)
                except BadRow as fault:
                    rejects.add(fault.code, file=row.file, line=row.line, text=row.text, **fault.values)
    return contents


def _take(contents: Contents, source: Source, row: Row, rejects: Rejects) -> None:
    if any(value not in row.all(column) for column, value in source.when.items()):
        return  # a row about something else
    found = {name: _entities(rule, row) for name, rule in source.entities.items()}
    if not any(found.values()):
        raise BadRow("graph.nothing_said", allowed=", ".join(rule.name for rule in source.entities.values()))
    relations = [relation for rule in source.relations for relation in _relations(rule, found, row)]
    for entities in found.values():
        for entity in entities:
            for changed in contents.add(entity):
                values = {"found": changed, "name": shown(entity.name)}
                rejects.note("graph.contradiction", file=row.file, line=row.line, text=row.text, **values)
    contents.relations.update({relation.id: relation for relation in relations})


def _entities(rule: EntityRule, row: Row) -> list[Entity]:
    properties = _values(rule.properties, row)
    aliases = tuple(alias for alias in row.all(rule.aliases) if alias) if rule.aliases else ()
    entities = []
    for name in _divided(row.all(rule.name), rule.split):
        check_name(name)
        key = tuple(name if column == rule.name else SEPARATOR.join(row.all(column)) for column in rule.key)
        entities.append(Entity(entity_id(rule.label, key), rule.label, name, aliases, properties))
    return entities


def _relations(rule: RelationRule, found: Mapping[str, list[Entity]], row: Row) -> Iterator[Relation]:
    properties = _values(rule.properties, row)
    for source in found[rule.source]:
        for target in found[rule.target]:
            identity = relation_id(source.id, rule.type, target.id, properties)
            yield Relation(identity, source.id, rule.type, target.id, properties)


def _values(columns: Mapping[str, str], row: Row) -> dict[str, str]:
    joined = {name: SEPARATOR.join(value for value in row.all(column) if value) for name, column in columns.items()}
    return {name: value for name, value in joined.items() if value}


def _divided(values: list[str], split: str) -> list[str]:
    parts = [part.strip() for value in values for part in (value.split(split) if split else [value])]
    return list(dict.fromkeys(part for part in parts if part))


def _joined(rows: Iterator[Row], columns: Mapping[str, str], rejects: Rejects) -> Iterator[Row]:
    """Triples of one title that follow one another, as one row."""
    title: Row | None = None
    values: dict[str, Any] = {}
    for row in rows:
        try:
            name, attribute = row.one(columns["title"]), row.one(columns["attribute"])
            found = row.all(columns["value"])
            if not name or not attribute:
                raise BadRow("graph.half_a_triple", allowed=f"{columns['title']}, {columns['attribute']}")
        except BadRow as fault:
            rejects.add(fault.code, file=row.file, line=row.line, text=row.text, **fault.values)
            continue
        if title is None or values[columns["title"]] != name:
            if title is not None:
                yield Row(title.file, title.line, values, title.text)
            title, values = row, {columns["title"]: name}
        values.setdefault(attribute, [])
        if isinstance(values[attribute], list):
            values[attribute] += found
    if title is not None:
        yield Row(title.file, title.line, values, title.text)
