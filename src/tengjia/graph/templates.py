"""Question templates: data of a task (`templates.yaml`), checked against the graph before anything is asked.

slots:
  company: {label: Company}
  position: {values: employ_of.jobs}       # values of a property of relations
fillers: [请问, 一下]
defaults: [谁是清河钢铁的董事长]              # questions to offer where nothing was understood
templates:
  - kind: holder
    patterns: ["谁(是|担任){company}[的]{position}"]
    path: "{company} <-employ_of- Person"
    has: {employ_of.jobs: position}
    answer: name                            # or employ_of.jobs
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any, Final

from tengjia.config.documents import read_document
from tengjia.errors import ConfigurationError, Problem
from tengjia.graph.backends import Schema
from tengjia.graph.identifiers import is_identifier, shown
from tengjia.graph.patterns import Pattern, PatternError, compile_pattern
from tengjia.graph.statements import Node, Path, Step
from tengjia.utilities.suggestions import suggestions

_KEYS: Final = frozenset({"slots", "fillers", "defaults", "templates", "retrieval"})
_OF_A_TEMPLATE: Final = frozenset({"kind", "patterns", "path", "has", "answer"})
OWN_PROPERTIES: Final = frozenset({"id", "name", "aliases"})
RETRIEVAL: Final = ("feature_questions", "question_answers", "answer_features")


@dataclass(frozen=True)
class Template:
    """One kind of question."""

    kind: str
    patterns: tuple[Pattern, ...]
    path: Path


@dataclass(frozen=True)
class Templates:
    """All that is known of questions."""

    slots: dict[str, str]
    """Slot -> label, or `type.property` whose values it takes."""

    fillers: tuple[str, ...]
    defaults: tuple[str, ...]
    templates: tuple[Template, ...]
    retrieval: dict[str, Path]
    """The three ways of retrieval by features; empty without."""

    source: dict[str, Any]
    """As it was written, for the bundle."""

    def value_slots(self) -> Iterator[tuple[str, str, str]]:
        """(`type.property`, type, property) of the slots that take values of properties."""
        for home in sorted(set(self.slots.values())):
            if "." in home:
                kind, _, name = home.partition(".")
                yield home, kind, name


def read_templates(file: FilePath, schema: Schema) -> Templates:
    """Read and check a file of templates.

    Raises:
        ConfigurationError: It is not there, is no YAML, or speaks of what the graph has not; every mistake is told.
    """
    document = read_document(file)
    if document.problems:
        raise ConfigurationError(document.problems)
    return compile_templates(document.data, schema, str(file), document.line)


def compile_templates(data: Mapping[str, Any], schema: Schema, file: str, line: Any = lambda *path: 0) -> Templates:
    """Templates out of plain values, which may come from a stranger's bundle.

    Args:
        data: The values.
        schema: What the graph holds.
        file: For messages.
        line: Path of keys -> line.
    """
    work = _Reading(schema, file, line)
    work.known(data, _KEYS, ())
    slots = work.slots(data.get("slots"))
    templates = work.templates(data.get("templates"), slots)
    retrieval = work.retrieval(data.get("retrieval"))
    fillers, defaults = work.texts(data.get("fillers"), "fillers"), work.texts(data.get("defaults"), "defaults")
    if work.problems:
        raise ConfigurationError(work.problems)
    return Templates(slots, fillers, defaults, templates, retrieval, dict(data))


class _Reading:
    """Reads the parts and collects what is wrong."""

    def __init__(self, schema: Schema, file: str, line: Any) -> None:
        self.schema, self.file, self.line = schema, file, line
        self.problems: list[Problem] = []

    def report(self, code: str, place: tuple[Any, ...], **values: Any) -> None:
        """Note a mistake."""
        key = ".".join(map(str, place))
        self.problems.append(Problem(code, self.file, self.line(*place), key, values))

    def known(self, values: Mapping[str, Any], allowed: frozenset[str], place: tuple[Any, ...]) -> None:
        """Report keys that mean nothing."""
        for key in values:
            if key not in allowed:
                names = ", ".join(sorted(allowed))
                near = suggestions(key, allowed)
                self.report("graph.unknown_key", (*place, key), found=shown(key), nearest=near, allowed=names)

    def mapping(self, value: Any, place: tuple[Any, ...]) -> dict[str, Any]:
        """A mapping of texts, or nothing."""
        if value is None:
            return {}
        if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
            self.report("graph.not_this", place, found=shown(value), allowed="{...: ...}")
            return {}
        return dict(value)

    def texts(self, value: Any, *place: Any) -> tuple[str, ...]:
        """A list of texts."""
        if value is None:
            return ()
        if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
            self.report("graph.not_this", place, found=shown(value), allowed="[...]")
            return ()
        return tuple(value)

    def slots(self, value: Any) -> dict[str, str]:
        """Slot -> label or `type.property`."""
        found = {}
        for name, said in self.mapping(value, ("slots",)).items():
            said = self.mapping(said, ("slots", name))
            self.known(said, frozenset({"label", "values"}), ("slots", name))
            home = said.get("label") or said.get("values")
            if not isinstance(home, str) or len(said) != 1:
                self.report("graph.not_this", ("slots", name), found=shown(said), allowed="{label: ...} {values: ...}")
            elif "values" in said:
                if self.property(home, ("slots", name), self.schema.ends):
                    found[name] = home
            elif self.label(home, ("slots", name)):
                found[name] = home
        return found

    def label(self, name: str, place: tuple[Any, ...]) -> bool:
        """Whether the graph has a label."""
        return self._has(name, self.schema.properties, "label", place)

    def _has(self, name: str, known: Mapping[str, Any], role: str, place: tuple[Any, ...]) -> bool:
        if name in known and is_identifier(name):
            return True
        near, allowed = suggestions(name, known), ", ".join(sorted(known)) or "-"
        self.report("graph.not_in_graph", place, role=role, found=shown(name), nearest=near, allowed=allowed)
        return False

    def property(self, home: Any, place: tuple[Any, ...], kinds: Mapping[str, Any]) -> bool:
        """Whether `type.property` is one that relations of the types given have."""
        kind, _, name = str(home).partition(".")
        known = self.schema.relation_properties.get(kind, set())
        return self._has(kind, kinds, "type", place) and self._has(name, dict.fromkeys(known), "property", place)

    def templates(self, value: Any, slots: dict[str, str]) -> tuple[Template, ...]:
        """The templates that make sense."""
        if not isinstance(value, list | tuple):
            self.report("graph.not_this", ("templates",), found=shown(value), allowed="[...]")
            return ()
        found = [self.template(item, slots, ("templates", number)) for number, item in enumerate(value)]
        return tuple(template for template in found if template is not None)

    def template(self, value: Any, slots: dict[str, str], place: tuple[Any, ...]) -> Template | None:
        """One template."""
        said = self.mapping(value, place)
        self.known(said, _OF_A_TEMPLATE, place)
        path = self.path(said, slots, place)
        patterns = self.patterns(said.get("patterns"), (*place, "patterns"))
        kind = said.get("kind")
        if not isinstance(kind, str) or not patterns:
            self.report("graph.not_this", place, found=shown(value), allowed="kind, patterns, path")
            return None
        if path is None:
            return None
        needed = {node.slot for node in path.nodes if node.slot} | {slot for _, _, slot in path.has}
        for number, pattern in enumerate(patterns):
            if pattern.slots != needed:
                has, needs = ", ".join(sorted(pattern.slots)) or "-", ", ".join(sorted(needed)) or "-"
                self.report("graph.other_slots", (*place, "patterns", number), found=has, allowed=needs)
        return Template(kind, patterns, path)

    def patterns(self, value: Any, place: tuple[Any, ...]) -> tuple[Pattern, ...]:
        """Compiled patterns."""
        found = []
        for number, text in enumerate(self.texts(value, *place)):
            try:
                found.append(compile_pattern(text))
            except PatternError as error:
                self.report("graph.bad_pattern", (*place, number), found=shown(text), reason=str(error))
        return tuple(found)

    def path(self, said: Mapping[str, Any], slots: Mapping[str, str], place: tuple[Any, ...]) -> Path | None:
        """The way of a template: `{slot} -type-> Label <-type- {slot}`."""
        words = str(said.get("path") or "").split()
        if len(words) % 2 == 0:
            self.report("graph.bad_path", (*place, "path"), found=shown(said.get("path")))
            return None
        nodes = [self.node(word, slots, (*place, "path")) for word in words[::2]]
        steps = [self.step(word, (*place, "path")) for word in words[1::2]]
        kept_nodes = [node for node in nodes if node is not None]
        kept_steps = [step for step in steps if step is not None]
        if len(kept_nodes) != len(nodes) or len(kept_steps) != len(steps):
            return None
        has = self.conditions(said.get("has"), slots, {step.type: None for step in kept_steps}, (*place, "has"))
        wanted = self.wanted(said.get("answer", "name"), kept_nodes[-1], kept_steps, (*place, "answer"))
        return Path(tuple(kept_nodes), tuple(kept_steps), wanted, has)

    def node(self, word: str, slots: Mapping[str, str], place: tuple[Any, ...]) -> Node | None:
        """A place on a path."""
        if word.startswith("{") and word.endswith("}"):
            slot = word[1:-1]
            home = slots.get(slot, "")
            known = {name: "" for name, kind in slots.items() if "." not in kind}
            return Node(home, slot) if self._has(slot, known, "slot", place) else None
        return Node(word) if self.label(word, place) else None

    def step(self, word: str, place: tuple[Any, ...]) -> Step | None:
        """A step of a path."""
        if word.startswith("<-") and word.endswith("-"):
            kind, forward = word[2:-1], False
        elif word.startswith("-") and word.endswith("->"):
            kind, forward = word[1:-2], True
        else:
            self.report("graph.bad_path", place, found=shown(word))
            return None
        return Step(kind, forward) if self._has(kind, self.schema.ends, "type", place) else None

    def conditions(
        self, value: Any, slots: Mapping[str, str], kinds: Mapping[str, Any], place: tuple[Any, ...]
    ) -> tuple[tuple[str, str, str], ...]:
        """What must hold of relations on the path: `{employ_of.jobs: position}`."""
        found = []
        for home, slot in self.mapping(value, place).items():
            values = {name: "" for name, said in slots.items() if "." in said}
            if self.property(home, place, kinds) and self._has(str(slot), values, "slot", place):
                kind, _, name = home.partition(".")
                found.append((kind, name, str(slot)))
        return tuple(found)

    def wanted(self, value: Any, last: Node, steps: list[Step], place: tuple[Any, ...]) -> tuple[str, str]:
        """Whose property is the answer: of the last place (owner empty), or of relations of a type."""
        if "." in str(value):
            kind, _, name = str(value).partition(".")
            self.property(value, place, {step.type: None for step in steps})
            return kind, name
        known = {*self.schema.properties.get(last.label, set()), *OWN_PROPERTIES}
        self._has(str(value), dict.fromkeys(known), "property", place)
        return "", str(value)

    def retrieval(self, value: Any) -> dict[str, Path]:
        """The ways from features to questions, to answers, to their features."""
        said = self.mapping(value, ("retrieval",))
        self.known(said, frozenset(RETRIEVAL), ("retrieval",))
        found = {}
        for name in RETRIEVAL if said else ():
            path = self.path({"path": said.get(name)}, {}, ("retrieval", name))
            if path is not None and len(path.steps) != 1:
                self.report("graph.bad_path", ("retrieval", name), found=shown(said.get(name)))
            elif path is not None:
                found[name] = path
        return found
