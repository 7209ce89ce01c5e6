"""The module that a test is about: found in the project around the test, built as the house builds it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tengjia.command.project import PROJECT_FILE
from tengjia.registry import REGISTRIES, Scope, set_scope


@dataclass(frozen=True)
class Subject:
    """A module, the parameters to build it with, and files for it to read."""

    kind: str
    name: str
    folder: Path
    """An empty folder; the files of `sample` lie in its folder `sample`."""

    parameters: Mapping[str, Any] = field(default_factory=dict)
    sample: tuple[str, ...] = ()
    """Names of the files to read."""

    reader: Mapping[str, Any] | None = None
    """For a dataset: the reader to build it with."""

    @property
    def type(self) -> Any:
        """The class."""
        return REGISTRIES[self.kind].load(self.name)

    @property
    def files(self) -> list[Path]:
        """The files of the sample."""
        return [self.root / name for name in self.sample]

    @property
    def root(self) -> Path:
        """What the files of the sample are relative to."""
        return self.folder / "sample"

    def build(self, **runtime: Any) -> Any:
        """The module, from its defaults and the parameters of the test."""
        return REGISTRIES[self.kind].build({"name": self.name, **self.parameters}, **runtime)


def subject_of(
    test: Path,
    folder: Path,
    kind: str,
    name: str,
    *,
    sample: Mapping[str, str] | None = None,
    reader: Mapping[str, Any] | None = None,
    app: str = "",
    task: str = "",
    **parameters: Any,
) -> Subject:
    """The module that a marker names, looked for in the project around the test.

    Args:
        test: File of the test.
        folder: An empty folder.
        kind: Kind of the module.
        name: Its name.
        sample: Files for it to read: name -> content.
        reader: For a dataset, the values of its reader (`{"name": "text"}`).
        app: The application in whose folder the module stands, if in one.
        task: The task in whose folder it stands, if in one.
        parameters: Parameters of the module that shall not have their defaults.
    """
    set_scope(Scope(project_of(test), app, task))
    for file, content in (sample or {}).items():
        target = folder / "sample" / file
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content, "utf-8")
    return Subject(kind, name, folder, parameters, tuple(sample or ()), reader)


def project_of(test: Path) -> Path | None:
    """The root of the project around a test, if it stands in one."""
    return next((parent for parent in test.parents if (parent / PROJECT_FILE).is_file()), None)
