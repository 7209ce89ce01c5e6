"""The classes that a config may name. A config is data: a name in it is looked up here, and imports nothing.

A class is known once the module that defines it has been imported, by the program and not by a config. Code that a
folder brings (`model_code/`) is another matter: it is run only for a caller that says `trust_code=True`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tengjia.bundle.code import PRIVATE_PACKAGE, import_code
from tengjia.errors import CheckpointError
from tengjia.utilities.nearest import nearest

if TYPE_CHECKING:
    from tengjia.pretrained.mixins import ConfigMixin

_known: dict[str, type[ConfigMixin]] = {}


def register(kind: type[ConfigMixin]) -> None:
    """Make a class known by its name; a later class of that name (a cell run again) takes its place.

    Code that came with a folder is known to that folder only: it cannot pass itself off as a class of the program.
    """
    if not kind.__module__.startswith(PRIVATE_PACKAGE):
        _known[name_of(kind)] = kind


def name_of(kind: type) -> str:
    """The name under which a class is saved: its own `__config_name__`, else its module and name."""
    given = kind.__dict__.get("__config_name__")
    if given is not None:
        return str(given)
    module = kind.__module__
    if module.startswith(PRIVATE_PACKAGE):
        module = module.partition(".")[2]
    return f"{module}.{kind.__qualname__}"


@dataclass(frozen=True)
class Classes:
    """Finds the classes that the config of one folder names."""

    asked: type[ConfigMixin] | None = None
    """The class that was told to load itself; it stands for its own name."""

    code: Mapping[str, bytes] = field(default_factory=dict)
    """Content of `model_code/`, verified."""

    trust_code: bool = False

    def find(self, name: Any, file: Path | None = None) -> type[ConfigMixin]:
        """The class of a name.

        Raises:
            CheckpointError: The program knows no such class, and the code that brings it is not there or not trusted.
        """
        if self.asked is not None and name == name_of(self.asked):
            return self.asked
        if not isinstance(name, str):
            raise CheckpointError("pretrained.bad_config", file=file or "", key="__module__", found=repr(name)[:100])
        if (found := _known.get(name)) is not None:
            return found
        place, inner = self._place(name)
        if place and not self.trust_code:
            raise CheckpointError("pretrained.untrusted_class", file=file or "", found=name[:200], place=place)
        if place:
            return self._imported(place, inner, name)
        near = ", ".join(nearest(name, _known)) or "-"
        raise CheckpointError("pretrained.unknown_class", file=file or "", found=name[:200], nearest=near)

    def _place(self, name: str) -> tuple[str, tuple[str, ...]]:
        """The file of `model_code/` that a name stands in, and what to look for in it."""
        parts = tuple(name.split("."))
        for count in range(len(parts) - 1, 0, -1):
            for path in ("/".join(parts[:count]) + ".py", "/".join(parts[:count]) + "/__init__.py"):
                if path in self.code:
                    return path, parts[count:]
        return "", ()

    def _imported(self, place: str, inner: tuple[str, ...], name: str) -> type[ConfigMixin]:
        from tengjia.pretrained.mixins import ConfigMixin

        found: Any = import_code(self.code, place)
        for part in inner:
            found = getattr(found, part, None)
        if not (isinstance(found, type) and issubclass(found, ConfigMixin)):
            raise CheckpointError("pretrained.no_class_in_code", file=f"model_code/{place}", found=name[:200])
        return found
