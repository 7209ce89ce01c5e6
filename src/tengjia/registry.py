"""Finds modules by kind and name. Listing imports nothing; finding `model=bilstm_crf` imports one file.

@models.register("bilstm_crf")          # in .../models/bilstm_crf.py
class BiLSTMCRF(nn.Module):
    @dataclass(frozen=True)
    class Config:
        hidden_size: int = 256
        \"\"\"Width of each direction.\"\"\"

models.build({"name": "bilstm_crf", "hidden_size": 128}, inputs=inputs)
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import sys
from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import Any, Final, TypeVar

from tengjia.config.parameters import Schema, read_schema
from tengjia.errors import ConfigurationError
from tengjia.messages import set_project
from tengjia.utilities.suggestions import suggestions

Kind = TypeVar("Kind", bound=Callable[..., Any])
LIBRARY: Final = Path(__file__).parent
PLUGIN_GROUP: Final = "tengjia.modules"


@dataclass(frozen=True)
class Scope:
    """Where to look besides the library: a project, and in it perhaps an application and a task."""

    root: Path | None = None
    app: str = ""
    task: str = ""


_scope = Scope()


def set_scope(scope: Scope) -> None:
    """Say which project, application and task names are looked up for; a process serves one at a time."""
    global _scope
    if scope != _scope:
        _scope = scope
        set_project(scope.root)
        for registry in (*REGISTRIES.values(), pipelines):
            registry.forget()


def scope() -> Scope:
    """The scope that is in force."""
    return _scope


@dataclass(frozen=True)
class Entry:
    """A module that can be chosen: its name, whose it is, and the file that holds it."""

    kind: str
    name: str
    owner: str
    """`task`, `application`, `project`, `library`, or the name of a plugin distribution."""
    file: Path
    module: str
    """Import name of the file."""


class Registry:
    """The modules of one kind.

    Args:
        kind: Config key (`model`).
        folder: Folder under `modules/` (`models`), or under the library (`data/readers`).
    """

    def __init__(self, kind: str, folder: str) -> None:
        self.kind = kind
        self.folder = folder
        self._registered: dict[str, Callable[..., Any]] = {}
        self._found: dict[str, list[Entry]] | None = None
        self._lent: ContextVar[Mapping[str, Any]] = ContextVar(f"lent_{kind}", default=MappingProxyType({}))

    def register(self, name: str, *, override: bool = False) -> Callable[[Kind], Kind]:
        """Decorator of the one class or function that a file offers.

        Args:
            name: Stable public name, equal to the name of the file.
            override: Must be said when the name exists farther away (in the library, say).
        """

        def decorate(module: Kind) -> Kind:
            # `override` is read from the syntax tree, where it can be told before anything is imported.
            self._registered[f"{module.__module__}:{name}"] = module
            return module

        return decorate

    def entries(self) -> dict[str, Entry]:
        """Every name that can be chosen, the nearest owner winning; from file names alone."""
        return {name: found[0] for name, found in self._all().items()}

    def find(self, name: str) -> Entry:
        """The entry of a name.

        Raises:
            ConfigurationError: Nothing bears that name (the nearest names and the whole list are told), two files on
                one level bear it, or it hides one that is farther away without saying `override=True`.
        """
        found = self._all().get(name)
        if found is None:
            raise ConfigurationError(
                "config.unknown_module",
                key=self.kind,
                kind=self.kind,
                found=name,
                nearest=suggestions(name, self.entries()),
                allowed=", ".join(self.entries()) or "-",
                folder=f"src/modules/{self.folder.removeprefix('data/')}",
            )
        entry, *hidden = found
        for other in hidden:
            if other.owner == entry.owner:
                raise ConfigurationError(
                    "config.duplicate_module", file=entry.file, key=self.kind, found=name, other=other.file
                )
        if hidden and not read_schema(entry.file).override:
            raise ConfigurationError(
                "config.override_unsaid", file=entry.file, key=self.kind, found=name, other=hidden[0].file
            )
        return entry

    def schema(self, name: str) -> Schema:
        """Parameters, words and literal attributes of a module, without importing it.

        Raises:
            ConfigurationError: There is no such module, or its file registers another name or cannot be read.
        """
        entry = self.find(name)
        schema = read_schema(entry.file)
        if schema.registered != name:
            raise self._not_registered(entry)
        return schema

    def load(self, name: str) -> Any:
        """Import the one file of a module and give what it registered."""
        if name in (lent := self._lent.get()):
            return lent[name]
        entry = self.find(name)
        registered = self.registered_by(_import(entry), name)
        if registered is None:
            raise self._not_registered(entry)
        return registered

    def registered_by(self, module: ModuleType, name: str) -> Any | None:
        """What an imported module registered under a name, if it did."""
        return self._registered.get(f"{module.__name__}:{name}")

    @contextlib.contextmanager
    def lending(self, modules: Mapping[str, Any]) -> Iterator[None]:
        """Let names mean other modules in this context only: a bundle that brings its own code is loaded so."""
        token = self._lent.set({**self._lent.get(), **modules})
        try:
            yield
        finally:
            self._lent.reset(token)

    def _not_registered(self, entry: Entry) -> ConfigurationError:
        return ConfigurationError(
            "config.not_registered", file=entry.file, key=self.kind, kind=self.kind, found=entry.name
        )

    def build(self, values: Mapping[str, Any], **runtime: Any) -> Any:
        """Make the module that `values["name"]` chooses; the other values are its parameters.

        Args:
            values: `name`, and parameters of the module's `Config`; what is missing takes its default.
            runtime: Things that exist only at run time, as the contract of the kind says.
        """
        module = self.load(str(values["name"]))
        parameters = {key: value for key, value in values.items() if key != "name"}
        return module(module.Config(**parameters), **runtime)

    def forget(self) -> None:
        """Look at the folders anew at the next question."""
        self._found = None

    def _all(self) -> dict[str, list[Entry]]:
        """Name -> every entry that bears it, the nearest first."""
        if self._found is None:
            found: dict[str, list[Entry]] = {}
            for owner, folder, package in self._places():
                for file in sorted(folder.rglob("[a-z]*.py")) if folder.is_dir() else ():
                    if self._is_module(folder, file):
                        inner = ".".join(file.relative_to(folder).with_suffix("").parts)
                        entry = Entry(self.kind, file.stem, owner, file, f"{package}.{inner}")
                        found.setdefault(file.stem, []).append(entry)
            for entry in _plugin_entries(self.kind):
                found.setdefault(entry.name, []).append(entry)
            self._found = dict(sorted(found.items()))
        return self._found

    def _places(self) -> list[tuple[str, Path, str]]:
        """(owner, folder, package) of every place, the nearest first."""
        places: list[tuple[str, Path, str]] = []
        inner = self.folder.removeprefix("data/")
        package = inner.replace("/", ".")
        if (root := _scope.root) is not None:
            application = root / "src" / "applications" / _scope.app
            if _scope.app and _scope.task:
                task_package = f"src.applications.{_scope.app}.tasks.{_scope.task}.{package}"
                places.append(("task", application / "tasks" / _scope.task / inner, task_package))
            if _scope.app:
                places.append(("application", application / inner, f"src.applications.{_scope.app}.{package}"))
            places.append(("project", root / "src" / "modules" / inner, f"src.modules.{package}"))
        library = self.folder if self.folder.startswith("data/") else f"modules/{self.folder}"
        places.append(("library", LIBRARY / library, f"tengjia.{library.replace('/', '.')}"))
        return places

    def _is_module(self, folder: Path, file: Path) -> bool:
        # A folder that another kind owns (optimizers/schedules, trainer/callbacks) is not part of this one.
        inner = file.relative_to(folder).parts[:-1]
        return not (inner and f"{self.folder}/{inner[0]}" in _FOLDERS)


@cache
def _import(entry: Entry) -> ModuleType:
    # Not `import_module` for project files: their root need not be on sys.path when a bundle is loaded elsewhere.
    if entry.owner not in {"task", "application", "project"} or entry.module in sys.modules:
        return importlib.import_module(entry.module)
    specification = importlib.util.spec_from_file_location(entry.module, entry.file)
    assert specification is not None and specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    sys.modules[entry.module] = module
    specification.loader.exec_module(module)
    return module


@cache
def _plugins() -> tuple[tuple[str, str, str], ...]:
    """(name, import name, distribution) of each entry point of the group `tengjia.modules`."""
    from importlib.metadata import entry_points

    points = entry_points(group=PLUGIN_GROUP)
    return tuple((point.name, point.module, point.dist.name if point.dist else "plugin") for point in points)


def _plugin_entries(kind: str) -> Iterator[Entry]:
    """Modules of installed plugins: an entry point `model.my_crf = my_package.my_crf` of the group `tengjia.modules`.

    The file is found beside the top-level package, which is not imported for it.
    """
    for name, module, distribution in _plugins():
        point_kind, _, short = name.partition(".")
        if point_kind != kind or not short:
            continue
        top, *inner = module.split(".")
        specification = importlib.util.find_spec(top)
        folders = (specification.submodule_search_locations if specification else None) or []
        for folder in folders:
            file = Path(folder, *inner).with_suffix(".py")
            if inner and file.is_file():
                yield Entry(kind, short, distribution, file, module)


_KINDS: Final = {
    "dataset": "data/datasets",
    "reader": "data/readers",
    "tokenizer": "tokenizers",
    "vectors": "vectors",
    "model": "models",
    "criterion": "criteria",
    "optimizer": "optimizers",
    "schedule": "optimizers/schedules",
    "evaluator": "evaluators",
    "trainer": "trainer",
    "callbacks": "trainer/callbacks",
    "tester": "tester",
}
_FOLDERS: Final = frozenset(_KINDS.values())
REGISTRIES: Final[dict[str, Registry]] = {kind: Registry(kind, folder) for kind, folder in _KINDS.items()}

datasets = REGISTRIES["dataset"]
readers = REGISTRIES["reader"]
tokenizers = REGISTRIES["tokenizer"]
vectors = REGISTRIES["vectors"]
models = REGISTRIES["model"]
criteria = REGISTRIES["criterion"]
optimizers = REGISTRIES["optimizer"]
schedules = REGISTRIES["schedule"]
evaluators = REGISTRIES["evaluator"]
trainers = REGISTRIES["trainer"]
callbacks = REGISTRIES["callbacks"]
testers = REGISTRIES["tester"]
pipelines = Registry("pipeline", "pipelines")
"""What answers for the bundles of a project's own kinds (`src/modules/pipelines/NAME.py`). No config chooses among
them: a bundle says what it answers, and that is looked for among the names that the project has."""
