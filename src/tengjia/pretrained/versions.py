"""Which program wrote a config, and how older ones become configs of today.

`__format__` numbers the form of the files. `__version__` is the Tengjia that wrote them, for people and for a warning.
`__config_version__` is the class's own: a class whose arguments changed raises it and offers `migrate_config`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import tengjia
from tengjia.errors import CheckpointError
from tengjia.messages import text

if TYPE_CHECKING:
    from tengjia.pretrained.mixins import ConfigMixin

FORMAT: Final = 1
_log = logging.getLogger(__name__)


def stamp() -> dict[str, Any]:
    """What the root config says of its making."""
    return {"__format__": FORMAT, "__version__": tengjia.__version__}


def modernised(values: dict[str, Any], file: Path) -> dict[str, Any]:
    """A root config in the form of today, without its stamp.

    Raises:
        CheckpointError: It is of a form that is newer than this program, or of none.
    """
    form = values.pop("__format__", 0)
    version = values.pop("__version__", None)
    if not isinstance(form, int) or isinstance(form, bool) or not 0 <= form <= FORMAT:
        raise CheckpointError(
            "pretrained.other_format", file=file, found=repr(form)[:50], allowed=f"0-{FORMAT}", version=version
        )
    if form == FORMAT and _is_newer(version):
        told = text("pretrained.newer_version", file=file, found=version, own=tengjia.__version__)
        _log.warning("%s\n    %s", told.message, told.hint)
    for step in range(form, FORMAT):
        values = _MIGRATIONS[step](values)
    return values


def migrated(kind: type[ConfigMixin], values: dict[str, Any], version: Any) -> dict[str, Any]:
    """The arguments of an object as its class takes them today.

    Raises:
        CheckpointError: They were saved by a newer version of the class, or it cannot read the older one.
    """
    own = kind.__config_version__
    if not isinstance(version, int) or isinstance(version, bool) or version < 1 or version > own:
        raise CheckpointError(
            "pretrained.other_class_version", found=repr(version)[:50], allowed=own, kind=kind.__qualname__
        )
    return values if version == own else dict(kind.migrate_config(values, version))


def _is_newer(version: Any) -> bool:
    return isinstance(version, str) and _numbers(version) > _numbers(tengjia.__version__)


def _numbers(version: str) -> tuple[int, ...]:
    """Major and minor: a difference in the third number changes no form."""
    return tuple(int(part) if part.isascii() and part.isdigit() else 0 for part in version[:50].split(".")[:2])


def _from_seed(values: dict[str, Any]) -> dict[str, Any]:
    """The form of the pipeline seed: a sub-folder is named by its key alone, and `null` stands for the name."""

    def named(value: Any, place: str) -> Any:
        if isinstance(value, dict):
            if "__subfolder__" in value:
                return {**value, "__subfolder__": place}
            return {key: named(inner, f"{place}/{key}" if place else key) for key, inner in value.items()}
        if isinstance(value, list):
            return [named(inner, f"{place}/{number}") for number, inner in enumerate(value)]
        return value

    migrated: dict[str, Any] = named(values, "")
    return migrated


_MIGRATIONS: Final[dict[int, Callable[[dict[str, Any]], dict[str, Any]]]] = {0: _from_seed}
