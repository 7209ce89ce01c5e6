"""What a command means: which files, which modules, which values, and where each was said.

Nothing is imported of the modules, and nothing is judged here: the checks are in `tengjia.command.checks`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tengjia.command.arguments import Arguments
from tengjia.command.sections import BaseTask
from tengjia.config import project as project_file
from tengjia.config.documents import Document
from tengjia.config.parameters import REQUIRED, Parameter, Schema, plain, read_schema
from tengjia.errors import COMMAND_LINE, ConfigurationError, Problem
from tengjia.registry import REGISTRIES

CALLBACKS: Final = "callbacks"
"""The one kind of which all modules are present, each with a switch `enabled`."""
KINDS: Final = tuple(kind for kind in REGISTRIES if kind != CALLBACKS)
"""Kinds of which one module is chosen, or none."""
TESTING_STAGES: Final = ("test", "apply")
TESTING_KINDS: Final = ("dataset", "reader", "evaluator", "tester")
"""What the testing file may choose; the rest comes from the run."""
NONE: Final = "none"
"""Name under which Hydra sees the absence of an optional module."""

Key = tuple[str, ...]


@dataclass(frozen=True)
class Origin:
    """Where a value was said."""

    file: str
    """File as messages name it, or `command line`."""
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


@dataclass(frozen=True)
class Assignment:
    """One key that was given one value in one place."""

    key: Key
    value: Any
    origin: Origin
    option: str | None = None
    """For a parameter of a module: the module it was written for; on the command line whichever is chosen."""
    sweep: bool = False
    operator: str = ""

    @property
    def dotted(self) -> str:
        """The key as it is written on the command line."""
        return ".".join(self.key)


@dataclass(frozen=True)
class Choice:
    """A module that was chosen, or that none was."""

    kind: str
    name: str | None
    origin: Origin


@dataclass
class View:
    """One task file, refined by the command line, as the stages that read it see it.

    Args:
        part: `training` or `testing`.
        stages: The stages of the command that read this file.
        documents: Project file and task file, in this order.
    """

    root: Path
    part: str
    stages: tuple[str, ...]
    documents: list[Document]
    base_task: BaseTask
    sections: dict[str, Schema] = field(default_factory=dict)
    choices: dict[str, list[Choice]] = field(default_factory=dict)
    """Kind -> what is chosen; more than one in a sweep over modules."""
    overrides: list[Assignment] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Name of the config that Hydra composes."""
        return f"config_task_{self.part}"

    @property
    def base_task_said(self) -> list[bool]:
        """Of each file, whether it names a base task, be it one that does not exist."""
        return [document.data.get("base_task") is not None for document in self.documents]

    @property
    def kinds(self) -> tuple[str, ...]:
        """Kinds that may be chosen here."""
        return TESTING_KINDS if self.part == "testing" else tuple(kind for kind in KINDS if kind != "tester")

    @property
    def has_callbacks(self) -> bool:
        """Whether callbacks are configured here."""
        return self.part == "training"

    def chosen(self, kind: str) -> str | None:
        """The one module of a kind (the first of a sweep); `None` when there is none."""
        choices = self.choices.get(kind)
        return choices[0].name if choices else None

    def schema(self, kind: str, name: str | None) -> Schema | None:
        """Schema of a module; `None` when it cannot be had (a check tells why)."""
        try:
            return REGISTRIES[kind].schema(name) if name else None
        except ConfigurationError:
            return None

    def parameter(self, key: Key, option: str | None = None) -> Parameter | None:
        """The parameter that a key means, or that holds it (`dataset.files` holds `dataset.files.train`)."""
        head, *rest = key
        if head in REGISTRIES and head != CALLBACKS:
            schema = self.schema(head, option or self.chosen(head)) if head in self.kinds else None
            return schema.parameters.get(rest[0]) if schema and rest else None
        if head == CALLBACKS:
            schema = self.schema(CALLBACKS, rest[0]) if len(rest) > 1 and self.has_callbacks else None
            return schema.parameters.get(rest[1]) if schema else None
        if head in self.sections:
            return self.sections[head].parameters.get(rest[0]) if rest else None
        return top_level().parameters.get(head)

    def depth(self, key: Key) -> int:
        """How many parts of a key name its parameter; the others lead inside its value."""
        if key[0] == CALLBACKS:
            return 3
        return 2 if key[0] in REGISTRIES or key[0] in self.sections else 1

    def document_choices(self, document: Document) -> dict[str, Choice]:
        """What the defaults list of a file chooses."""
        found: dict[str, Choice] = {}
        for index, item in enumerate(as_list(document.data.get("defaults"))):
            for kind, name in item.items() if isinstance(item, dict) else ():
                if kind in self.kinds and (name is None or isinstance(name, str)):
                    name = None if name == NONE else name
                    found[kind] = Choice(kind, name, _origin(document, "defaults", index, kind))
        return found

    def assignments(self, document: Document) -> Iterator[Assignment]:
        """Every parameter that a file gives a value, with the module it was written for."""
        choices = self.document_choices(document)
        for head, value in document.data.items():
            if head in {"defaults", "hydra"}:
                continue
            kind, slash, option = head.partition("/")
            if kind in self.kinds and isinstance(value, dict):
                chosen = choices[kind].name if kind in choices else None
                for name, item in value.items():
                    origin = _origin(document, head, name)
                    yield Assignment((kind, name), item, origin, option if slash else chosen or NONE)
            elif head == CALLBACKS and isinstance(value, dict):
                for name, items in value.items():
                    for inner, item in items.items() if isinstance(items, dict) else ():
                        yield Assignment((head, name, inner), item, _origin(document, head, name, inner))
            elif head in self.sections and isinstance(value, dict):
                for name, item in value.items():
                    yield Assignment((head, name), item, _origin(document, head, name))
            elif not slash and head in top_level().parameters:
                yield Assignment((head,), value, _origin(document, head))

    def in_code(self, choices: dict[str, str | None]) -> Iterator[Assignment]:
        """The defaults that stand in the code."""
        yield from _defaults(self.root, (), top_level())
        for kind in self.kinds:
            name = choices.get(kind)
            if (schema := self.schema(kind, name)) is not None:
                origin = Origin(shown(self.root, schema.file), schema.line)
                yield Assignment((kind, "name"), name, origin)
                yield from _defaults(self.root, (kind,), schema)
        for name in REGISTRIES[CALLBACKS].entries() if self.has_callbacks else ():
            if (schema := self.schema(CALLBACKS, name)) is not None:
                yield from _defaults(self.root, (CALLBACKS, name), schema)
        for name, schema in self.sections.items():
            yield from _defaults(self.root, (name,), schema)

    def merged(
        self, choices: dict[str, str | None] | None = None, overrides: list[Assignment] | None = None
    ) -> dict[Key, Assignment]:
        """Parameter -> the assignment that counts: code, then project file, then task file, then command line.

        Args:
            choices: Kind -> module; the first choices of the command when not given.
            overrides: Those of the command when not given; a swept one is left out.
        """
        if choices is None:
            choices = {kind: self.chosen(kind) for kind in self.kinds}
        values = {assignment.key: assignment for assignment in self.in_code(choices)}
        for document in self.documents:
            for assignment in self.assignments(document):
                wanted = choices.get(assignment.key[0]) if assignment.key[0] in self.kinds else assignment.option
                if assignment.key in values and assignment.option == wanted:
                    values[assignment.key] = _over(values[assignment.key], assignment)
        for assignment in self.overrides if overrides is None else overrides:
            key = assignment.key[: self.depth(assignment.key)]
            if key in values and not assignment.sweep:
                values[key] = _over(values[key], assignment)
        return values


@dataclass
class Plan:
    """A command, understood."""

    root: Path
    arguments: Arguments
    app: str = ""
    task: str = ""
    stages: tuple[str, ...] = ()
    stages_guessed: bool = False
    """Whether a stage was named that is like none, so that all stand for it in the checks."""
    views: list[View] = field(default_factory=list)
    """One for each task file that the stages read; the stages of the first come first."""
    overrides: list[Any] = field(default_factory=list)
    """`tengjia.command.overrides.Override`s, parsed."""
    problems: list[Problem] = field(default_factory=list)
    """Mistakes found while reading; the checks add theirs."""

    @property
    def task_folder(self) -> Path:
        """Folder of the task."""
        return self.root / "src" / "applications" / self.app / "tasks" / self.task

    def view(self, stage: str) -> View:
        """The view of the task file that a stage reads."""
        return next(view for view in self.views if stage in view.stages)


def top_level() -> Schema:
    """Schema of the settings that belong to no module."""
    return read_schema(Path(project_file.__file__), "Project")


def part_of(stage: str) -> str:
    """Which task file a stage reads."""
    return "testing" if stage in TESTING_STAGES else "training"


def as_list(value: Any) -> list[Any]:
    """A list, or none of its items when it is something else."""
    return value if isinstance(value, list) else []


def shown(root: Path, file: Path) -> str:
    """A file as messages name it: relative to the project if it lies there."""
    return str(file.relative_to(root)) if file.is_relative_to(root) else str(file)


def command_line(dotted: str, value: Any, *, sweep: bool = False, operator: str = "") -> Assignment:
    """An assignment from the command line."""
    return Assignment(tuple(dotted.split(".")), value, Origin(COMMAND_LINE), None, sweep, operator)


def _defaults(root: Path, prefix: Key, schema: Schema) -> Iterator[Assignment]:
    for parameter in schema.parameters.values():
        origin = Origin(shown(root, parameter.file), parameter.line)
        yield Assignment((*prefix, parameter.name), parameter.default, origin)


def _origin(document: Document, *path: Any) -> Origin:
    position = document.positions.get(path)
    return Origin(document.name, position.line, position.column) if position else Origin(document.name, 1, 1)


def _over(below: Assignment, above: Assignment) -> Assignment:
    """The upper assignment; mappings are merged, and an override may lead inside one."""
    value, inside = above.value, above.key[len(below.key) :]
    for name in reversed(inside):
        value = {name: value}
    if isinstance(below.value, dict) and isinstance(value, dict):
        value = _merged(below.value, value)
    return Assignment(below.key, plain(value), above.origin, above.option)


def _merged(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    values = dict(below)
    for key, value in above.items():
        both = isinstance(value, dict) and isinstance(values.get(key), dict)
        values[key] = _merged(values[key], value) if both else value
    return values


def is_missing(value: Any) -> bool:
    """Whether a value must be given and was not."""
    return isinstance(value, str) and value == REQUIRED
