"""What a base task adds to a config: its sections, and which kinds it needs; read from syntax, not imported.

A task whose stages are its own declares sections in the same way: a `sections.py` in its folder, of `TRAINING` and
`TESTING` alone.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from tengjia.config.parameters import Schema, read_schema
from tengjia.errors import ConfigurationError
from tengjia.registry import LIBRARY
from tengjia.utilities.suggestions import suggestions

SECTIONS: Final = "sections.py"
"""File of a base task, or of a task folder, that declares sections."""


@dataclass(frozen=True)
class BaseTask:
    """The literals of a base task's `sections.py`."""

    name: str | None = None
    sections: dict[str, dict[str, str]] = field(default_factory=dict)
    """`training` or `testing` -> section -> `module:Class`."""
    from_run: tuple[str, ...] = ()
    """Kinds and sections that the testing stages take from the run."""
    required: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """`training` or `testing` -> kinds that must be chosen."""
    fits: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Kind -> what its modules may be for (`tengjia.command.fits`)."""


def base_tasks() -> list[str]:
    """The names of all base tasks."""
    return sorted(file.parent.name for file in (LIBRARY / "base_tasks").glob("*/sections.py"))


def read_base_task(name: str | None) -> BaseTask:
    """The base task of a name; without a name one that adds nothing.

    Raises:
        ConfigurationError: There is none of that name.
    """
    if name is None:
        return BaseTask()
    known = base_tasks()
    if name not in known:
        near = suggestions(name, known)
        raise ConfigurationError(
            "config.unknown_base_task", key="base_task", found=name, nearest=near, allowed=", ".join(known)
        )
    return _read(LIBRARY / "base_tasks" / name / "sections.py", name)


def read_task_sections(folder: Path, part: str) -> dict[str, str]:
    """The sections that a task declares for stages of its own: name -> `module:Class`.

    Args:
        folder: Folder of the task.
        part: `training` or `testing`.

    Raises:
        ConfigurationError: Its `sections.py` is not Python, or not made of literals.
    """
    file = folder / SECTIONS
    if not file.is_file():
        return {}
    try:
        declared = _literals(file).get(part.upper(), {})
        if not all(isinstance(home, str) for home in dict(declared).values()):
            raise ValueError(f"{part.upper()} = {declared!r}")
    except (SyntaxError, ValueError, TypeError) as error:
        line = getattr(error, "lineno", None) or 0
        raise ConfigurationError("config.module_unreadable", file=file, line=line, found=str(error)) from None
    return dict(declared)


def homes_of(root: Path, name: str) -> dict[str, list[str]]:
    """Where the class of a section stands (`module:Class`), and whose section it is: base tasks and tasks.

    Args:
        root: Root of the project, whose tasks may have sections of their own.
        name: Of the section.

    Raises:
        ConfigurationError: Nobody has a section of that name.
    """
    declared: dict[str, dict[str, str]] = {}
    for base_task in base_tasks():
        sections = read_base_task(base_task).sections
        declared[base_task] = {**sections["testing"], **sections["training"]}
    for file in sorted(root.glob(f"src/applications/*/tasks/*/{SECTIONS}")):
        parts = (read_task_sections(file.parent, part) for part in ("testing", "training"))
        declared[file.parent.name] = {section: home for part in parts for section, home in part.items()}
    found: dict[str, list[str]] = {}
    for owner, sections_of_owner in declared.items():
        if name in sections_of_owner:
            found.setdefault(sections_of_owner[name], []).append(owner)
    if not found:
        known = sorted({section for sections in declared.values() for section in sections})
        near = suggestions(name, known)
        raise ConfigurationError("modeling.unknown_section", found=name, nearest=near, allowed=", ".join(known))
    return found


def _literals(file: Path) -> dict[str, Any]:
    literals: dict[str, Any] = {}
    for node in ast.parse(file.read_bytes(), str(file)).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            literals[node.targets[0].id] = ast.literal_eval(node.value)
    return literals


@lru_cache(maxsize=32)
def _read(file: Path, name: str) -> BaseTask:
    literals = _literals(file)
    return BaseTask(
        name,
        {"training": literals.get("TRAINING", {}), "testing": literals.get("TESTING", {})},
        tuple(literals.get("FROM_RUN", ())),
        {part: tuple(kinds) for part, kinds in literals.get("REQUIRED", {}).items()},
        {kind: tuple(values) for kind, values in literals.get("FITS", {}).items()},
    )


def section_schema(root: Path, home: str) -> Schema:
    """Schema of a section.

    Args:
        root: Root of the project.
        home: `module:Class`; the module is of the library (`tengjia....`) or of the project (`src....`).

    Raises:
        ConfigurationError: The file or the class is not there, or cannot be read.
    """
    module, _, name = home.partition(":")
    above = LIBRARY.parent if module.startswith("tengjia.") else root
    path = above.joinpath(*module.split("."))
    file = path.with_suffix(".py")
    return read_schema(file if file.is_file() else path / "__init__.py", name)
