"""The values of one config together, as far as they are known, for the checks that compare them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tengjia.command.plan import Assignment, Key, View
from tengjia.config.interpolation import is_interpolated, resolved
from tengjia.config.parameters import Schema
from tengjia.errors import COMMAND_LINE, Problem

MAXIMUM_COMBINATIONS: Final = 64
"""Of swept modules; beyond them each job checks for itself."""


@dataclass(frozen=True)
class Effective:
    """Values and chosen modules.

    Args:
        view: The task file and its stages.
        choices: Kind -> module.
        assignments: Parameter -> the assignment that counts.
        values: Parameter -> its value, references replaced.
    """

    view: View
    choices: Mapping[str, str | None]
    assignments: Mapping[Key, Assignment]
    values: Mapping[Key, Any]

    def value(self, *key: str) -> Any:
        """The value of a parameter; `None` when there is none or it is not known yet."""
        value = self.values.get(key)
        return None if is_interpolated(value) else value

    def schema(self, kind: str) -> Schema | None:
        """Schema of the chosen module."""
        return self.view.schema(kind, self.choices.get(kind))

    def attribute(self, kind: str, name: str) -> Any:
        """A literal class attribute of the chosen module; `None` when there is none."""
        schema = self.schema(kind)
        return schema.attributes.get(name) if schema else None

    def folder(self, root: str) -> Path | None:
        """A root folder (`dataset_root`), absolute."""
        value = self.value(root)
        return self.view.root / value if isinstance(value, str) else None

    def problem(self, code: str, *key: str, **values: Any) -> Problem:
        """A problem at the place where a parameter got its value; if that is the code, where its module was chosen."""
        origin = self.assignments[key].origin
        said = {document.name for document in self.view.documents} | {COMMAND_LINE}
        if origin.file not in said and self.view.choices.get(key[0]):
            origin = self.view.choices[key[0]][0].origin
        return Problem(code, origin.file, origin.line, ".".join(key), values)

    def choice_problem(self, code: str, kind: str, /, **values: Any) -> Problem:
        """A problem at the place where a module was chosen."""
        origin = self.view.choices[kind][0].origin
        return Problem(code, origin.file, origin.line, kind, values)


def effective_views(view: View) -> Iterator[Effective]:
    """The values before composing, for each combination of swept modules."""
    names = [[choice.name for choice in view.choices.get(kind, [])] or [None] for kind in view.kinds]
    for combination in itertools.islice(itertools.product(*names), MAXIMUM_COMBINATIONS):
        choices = dict(zip(view.kinds, combination))
        assignments = view.merged(choices)
        known = {".".join(key): assignment.value for key, assignment in assignments.items()}
        swept = {override.key for override in view.overrides if override.sweep}
        values = {key: resolved(assignment.value, known) for key, assignment in assignments.items() if key not in swept}
        yield Effective(view, choices, assignments, values)
