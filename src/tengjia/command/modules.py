"""Modules as the subcommands of `tengjia` speak of them: `KIND/NAME`."""

from __future__ import annotations

import re
from pathlib import Path

from tengjia.command.project import PROJECT_FILE, find_root
from tengjia.errors import ConfigurationError
from tengjia.messages import language, text
from tengjia.registry import REGISTRIES, Scope, set_scope
from tengjia.utilities.suggestions import suggestions


def use_scope(app: str = "", task: str = "") -> Path:
    """Look for modules in the project around the working directory, if there is one; gives its root."""
    here = Path.cwd()
    inside = any((folder / PROJECT_FILE).is_file() for folder in (here, *here.parents))
    root = find_root() if inside else here
    set_scope(Scope(root if inside else None, app, task))
    return root


def kind_named(kind: str) -> str:
    """A kind that exists; its folder's name and its plural are understood too.

    Raises:
        ConfigurationError: There is none of that name.
    """
    for known, registry in REGISTRIES.items():
        if kind in {known, f"{known}s", registry.folder.rpartition("/")[2]}:
            return known
    near = suggestions(kind, REGISTRIES)
    raise ConfigurationError("modeling.unknown_kind", found=kind, nearest=near, allowed=", ".join(REGISTRIES))


def module_named(words: str) -> tuple[str, str]:
    """Kind and name of a module.

    Raises:
        ConfigurationError: It is not `KIND/NAME`, or there is none.
    """
    kind, slash, name = words.partition("/")
    if not slash:
        raise ConfigurationError("modeling.kind_and_name", found=words)
    kind = kind_named(kind)
    REGISTRIES[kind].find(name)
    return kind, name


def tell_of_english() -> None:
    """Say to a Chinese reader whence the English comes: what modules say of themselves stands in their code."""
    if language() == "zh":
        print(text("modeling.english").message)


def first_sentence(kind: str, name: str) -> str:
    """The first sentence of a module's words."""
    try:
        words = " ".join(REGISTRIES[kind].schema(name).documentation.split("\n\n")[0].split())
    except ConfigurationError as error:
        return error.message
    return re.split(r"(?<!\bal)\. ", words)[0].rstrip(".")
