"""Numbers lie within the limits that their module declares, both ends allowed: `limits = {"dropout": (0.0, 1.0)}`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tengjia.command.checks.effective import Effective
from tengjia.command.plan import CALLBACKS, Key
from tengjia.config.parameters import Schema, between
from tengjia.errors import Problem
from tengjia.registry import REGISTRIES


def check_limits(effective: Effective) -> Iterator[Problem]:
    """Every number of a module or a section that declares limits."""
    for head, schema in _schemas(effective):
        for name, (least, most) in schema.attributes.get("limits", {}).items():
            key = (*head, name)
            if any(not _within(number, least, most) for number in _numbers(effective.value(*key))):
                yield effective.problem(
                    "config.out_of_range",
                    *key,
                    found=effective.value(*key),
                    allowed=between(least, most),
                    sentence=schema.parameters[name].sentence,
                )


def _schemas(effective: Effective) -> Iterator[tuple[Key, Schema]]:
    for kind in effective.view.kinds:
        if (schema := effective.schema(kind)) is not None:
            yield (kind,), schema
    for name in REGISTRIES[CALLBACKS].entries() if effective.view.has_callbacks else ():
        if (schema := effective.view.schema(CALLBACKS, name)) is not None:
            yield (CALLBACKS, name), schema
    for name, schema in effective.view.sections.items():
        yield (name,), schema


def _numbers(value: Any) -> list[float]:
    """A value, or the items of a list, as far as they are numbers: what is of a wrong type is told elsewhere."""
    items = value if isinstance(value, list | tuple) else [value]
    return [item for item in items if isinstance(item, int | float) and not isinstance(item, bool)]


def _within(number: float, least: float | None, most: float | None) -> bool:
    return (least is None or number >= least) and (most is None or number <= most)
