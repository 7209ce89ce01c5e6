"""The composed config as the stages get it: types fitted, references resolved, roots absolute, origins known."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tengjia.command.checks import check_effective, once
from tengjia.command.checks.effective import Effective
from tengjia.command.checks.values import misfit_problems
from tengjia.command.plan import CALLBACKS, Assignment, Key, Plan, View
from tengjia.config.interpolation import ENVIRONMENT
from tengjia.config.project import ROOTS
from tengjia.config.settings import Settings
from tengjia.config.types import Misfit, fit
from tengjia.errors import ConfigurationError, Problem

if TYPE_CHECKING:
    from omegaconf import DictConfig

HIDDEN = "***"


@dataclass(frozen=True)
class Effect:
    """The config of one task file, ready for its stages."""

    settings: Settings
    assignments: dict[Key, Assignment]
    """Parameter -> the assignment that counts."""
    view: View
    secrets: frozenset[Key]

    def origins(self) -> dict[str, str]:
        """Full key of each parameter -> where its value was said."""
        return {".".join(key): str(assignment.origin) for key, assignment in self.assignments.items()}

    def public(self) -> dict[str, Any]:
        """The values as plain data, secrets hidden."""
        values = self.settings.plain()
        for key in self.secrets:
            inner = values
            for part in key[:-1]:
                inner = inner[part]
            inner[key[-1]] = HIDDEN if inner[key[-1]] is not None else None
        return values


def take_effect(plan: Plan, view: View, composed: DictConfig) -> Effect:
    """Check a composed config once more, now that everything in it is known, and make it settings.

    Raises:
        ConfigurationError: A reference leads nowhere, a referred value has the wrong type, or parts do not fit.
    """
    from omegaconf import OmegaConf

    raw = {str(key): value for key, value in OmegaConf.to_container(composed, resolve=False).items()}  # type: ignore[union-attr]
    choices = {kind: (raw.get(kind) or {}).get("name") for kind in view.kinds}
    assignments = view.merged(choices, job_overrides(plan, view, composed))
    values, problems = _fitted(view, assignments, composed)
    known = Effective(view, choices, assignments, _plain_values(values))
    problems += check_effective(known)
    if problems:
        raise ConfigurationError(once(problems))
    return Effect(Settings(_nested(plan, view, choices, values)), assignments, view, _secrets(view, assignments))


def job_overrides(plan: Plan, view: View, composed: DictConfig) -> list[Assignment]:
    """The overrides of this job, in a sweep each with the one value that it has here."""
    from omegaconf import OmegaConf

    overrides = []
    for override in view.overrides:
        if override.sweep:
            value = OmegaConf.select(OmegaConf.create(OmegaConf.to_container(composed, resolve=False)), override.dotted)
            override = Assignment(override.key, value, override.origin)
        overrides.append(override)
    return overrides


def _fitted(
    view: View, assignments: dict[Key, Assignment], composed: DictConfig
) -> tuple[dict[Key, Any], list[Problem]]:
    from omegaconf import OmegaConf
    from omegaconf.errors import OmegaConfBaseException

    values: dict[Key, Any] = {}
    problems: list[Problem] = []
    for key, assignment in assignments.items():
        parameter = view.parameter(key, assignment.option)
        place = (assignment.origin.file, assignment.origin.line, assignment.dotted)
        try:
            node = composed
            for part in key[:-1]:
                node = node[part]
            value = node[key[-1]]
            if OmegaConf.is_config(value):
                value = OmegaConf.to_container(value, resolve=True)
        except OmegaConfBaseException as error:
            reason = str(error).splitlines()[0]
            code = "config.no_environment" if ENVIRONMENT.match(str(assignment.value)) else "config.unresolved"
            problems.append(Problem(code, *place, {"found": assignment.value, "reason": reason}))
            continue
        if parameter is None:  # the name of a module
            values[key] = value
            continue
        try:
            values[key] = fit(value, parameter.type)
        except Misfit:
            problems += misfit_problems(value, parameter, *place)
    return values, problems


def _plain_values(values: dict[Key, Any]) -> dict[Key, Any]:
    return {key: list(value) if isinstance(value, tuple) else value for key, value in values.items()}


def _nested(plan: Plan, view: View, choices: dict[str, Any], values: dict[Key, Any]) -> dict[str, Any]:
    nested: dict[str, Any] = {kind: {} if name else None for kind, name in choices.items()}
    nested.update({section: {} for section in view.sections})
    nested.update(dict.fromkeys(set(view.base_task.from_run) - nested.keys(), None))
    if view.has_callbacks:
        nested[CALLBACKS] = {}
    for key, value in values.items():
        inner = nested
        for part in key[:-1]:
            inner = inner.setdefault(part, {})
        inner[key[-1]] = value
    for root in ROOTS:
        nested[root] = str(_absolute(plan.root, nested[root]))
    return nested


def _absolute(root: Path, folder: str) -> Path:
    # Not `resolve`: a link that the user made is kept as it was written.
    path = Path(folder).expanduser()
    return path if path.is_absolute() else Path(root, *path.parts)


def _secrets(view: View, assignments: dict[Key, Assignment]) -> frozenset[Key]:
    parameters = {key: view.parameter(key, assignment.option) for key, assignment in assignments.items()}
    return frozenset(key for key, parameter in parameters.items() if parameter and parameter.type.has("Secret"))
