"""Which modules fit a base task: what they say of themselves, compared with `FITS` in its `sections.py`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tengjia.command.sections import BaseTask
from tengjia.config.parameters import Schema
from tengjia.errors import ConfigurationError
from tengjia.registry import REGISTRIES

SAID_BY: Final = {"model": "decoder", "criterion": "decoder", "evaluator": "measures"}
"""Kind -> the class attribute by which its modules say what they are for (`contracts`)."""

_UNSAID: Final[Mapping[str, frozenset[str]]] = {"evaluator": frozenset({"tags"})}
"""What modules are for that say nothing; of other kinds they may be for anything."""


def said(kind: str, schema: Schema | None) -> frozenset[str]:
    """What a module is for; nothing where that is not known."""
    value: Any = schema.attributes.get(SAID_BY[kind]) if schema is not None and kind in SAID_BY else None
    if value is None:
        return _UNSAID.get(kind, frozenset()) if schema is not None else frozenset()
    return frozenset((value,) if isinstance(value, str) else value)


def fits(base_task: BaseTask, kind: str, schema: Schema | None) -> bool:
    """Whether a module may be chosen for a base task, as far as both say anything."""
    needed, found = base_task.fits.get(kind), said(kind, schema)
    return not needed or not found or bool(found & set(needed))


def fitting(base_task: BaseTask, kind: str) -> list[str]:
    """Names of the modules of a kind that may be chosen for a base task."""
    return [name for name in REGISTRIES[kind].entries() if fits(base_task, kind, schema_of(kind, name))]


def schema_of(kind: str, name: str) -> Schema | None:
    """The schema of a module; `None` where it cannot be read."""
    try:
        return REGISTRIES[kind].schema(name)
    except ConfigurationError:
        return None
