"""`tengjia starttask`: a task on a base task, or like one that is there; with its test."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tengjia.errors import ConfigurationError
from tengjia.messages import language
from tengjia.scaffold.filling import ENDING, TEMPLATES, filled, written_by
from tengjia.scaffold.names import checked_name
from tengjia.scaffold.sample import COUNTS, sample
from tengjia.scaffold.writing import packages
from tengjia.utilities.suggestions import suggestions

BASES: Final = (
    "sequence_labeling",
    "text_classification",
    "joint_intent_slot",
    "text_matching",
    "sequence_to_sequence",
)
"""Base tasks that there is a template for."""

EXAMPLES: Final = {"ner": "sequence_labeling"}
"""Tasks that the library has a template of, for projects that have none of that name."""

_PACKAGE: Final = "# @package _global_\n"
_TO_FILL_IN: Final = "# To fill in: your files under `dataset:`, and their format under `reader:`.\n"


def task_folder(root: Path, app: str, task: str) -> Path:
    """Where a task stands."""
    return root / "src" / "applications" / app / "tasks" / task


def task_on(root: Path, app: str, task: str, base: str, *, command: str = "") -> dict[Path, str]:
    """The files of a new task on a base task: configs, step files, a made-up sample, the test.

    Args:
        root: The project.
        app: The application; its packages are made if it is new.
        task: The task.
        base: The base task.
        command: What the files shall say that they were written by; without it `tengjia starttask ...`.

    Raises:
        ConfigurationError: A name cannot be one or is taken, or there is no template for the base task.
    """
    if base not in BASES:
        near = suggestions(base, BASES)
        raise ConfigurationError("scaffold.no_base", found=base, nearest=near, allowed=", ".join(BASES))
    command = command or f"tengjia starttask {app} {task} --base {base}"
    folder = _new_folder(root, app, task)
    values = {"app": app, "task": task, "written_by": written_by(command)}
    names = [file.name.removesuffix(ENDING) for file in sorted((TEMPLATES / base).glob(f"*{ENDING}"))]
    corpus = root / "resources" / "datasets" / task
    return {
        **packages(folder, root / "src"),
        **{folder / name: filled(f"{base}/{name}", values) for name in names},
        **{corpus / f"sample_{part}.csv": sample(part, language(), base) for part in COUNTS},
        **_test(root, app, task, values),
    }


def task_like(root: Path, app: str, task: str, like: str) -> dict[Path, str]:
    """The files of a new task that begins as a copy of one of the project (`ner`, `demo_app/ner`), or of the library.

    Raises:
        ConfigurationError: A name cannot be one or is taken, or there is no such task.
    """
    command = f"tengjia starttask {app} {task} --like {like}"
    source = _source(root, app, like)
    if source is None:
        return task_on(root, app, task, EXAMPLES[like], command=command)
    folder = _new_folder(root, app, task)
    values = {"app": app, "task": task, "written_by": written_by(command)}
    copies = {folder / file.relative_to(source): _copied(file, source.name, values) for file in _files(source)}
    return {**packages(folder, root / "src"), **copies, **_test(root, app, task, values)}


def _new_folder(root: Path, app: str, task: str) -> Path:
    checked_name("app", app)
    checked_name("task", task)
    folder = task_folder(root, app, task)
    if folder.exists():
        raise ConfigurationError("scaffold.exists", file=folder, found=folder.name)
    return folder


def _source(root: Path, app: str, like: str) -> Path | None:
    """The folder of the task that is meant: of the same application first; `None` for a template of the library."""
    folders = sorted((root / "src" / "applications").glob("*/tasks/*/config_task_training.yaml"))
    known = {f"{file.parents[2].name}/{file.parent.name}": file.parent for file in folders}
    chosen = known.get(like) or known.get(f"{app}/{like}")
    named = [folder for name, folder in known.items() if name.endswith(f"/{like}")]
    if chosen is None and len(named) > 1:
        which = ", ".join(name for name, folder in known.items() if folder in named)
        raise ConfigurationError("scaffold.several_tasks", found=like, allowed=which)
    if chosen is not None or named:
        return chosen or named[0]
    if like in EXAMPLES:
        return None
    names = sorted({*known, *(name.partition("/")[2] for name in known), *EXAMPLES})
    near = suggestions(like, names)
    raise ConfigurationError("scaffold.no_task", found=like, nearest=near, allowed=", ".join([*known, *EXAMPLES]))


def _files(source: Path) -> Iterator[Path]:
    for file in sorted(source.rglob("*")):
        hidden = any(part.startswith((".", "__pycache__")) for part in file.relative_to(source).parts)
        if file.is_file() and not hidden and file.suffix != ".pyc":
            yield file


def _copied(file: Path, name: str, values: dict[str, str]) -> str:
    """The text of a file; a config says in its head who wrote it, and names the new task in its comments."""
    try:
        text = file.read_text("utf-8")
    except UnicodeDecodeError:
        raise ConfigurationError("scaffold.no_text", file=file, found=file.name) from None
    if not (file.name.startswith("config_task_") and text.startswith(_PACKAGE)):
        return text
    comments = re.compile(rf"(?m)^\s*#.*\btask={re.escape(name)}\b.*$")
    named = re.compile(rf"\btask={re.escape(name)}\b")
    text = comments.sub(lambda match: named.sub(f"task={values['task']}", match[0]), text)
    lines = text.removeprefix(_PACKAGE).splitlines(keepends=True)
    rest = "".join(line for line in lines if not line.startswith(("# Written by tengjia", _TO_FILL_IN)))
    return f"{_PACKAGE}# {values['written_by']}\n{_TO_FILL_IN}{rest}"


def _test(root: Path, app: str, task: str, values: dict[str, str]) -> dict[Path, str]:
    folder = root / "src" / "tests" / "applications" / app
    return {**packages(folder, root / "src"), folder / f"test_{task}.py": filled("test_task.py", values)}
