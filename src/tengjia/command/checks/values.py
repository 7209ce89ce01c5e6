"""Values: that each has the type of its parameter, and refers only to what it may."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from tengjia.command.plan import Assignment, Plan, View, is_missing
from tengjia.config.interpolation import ENVIRONMENT, is_interpolated, resolver_in, texts_in
from tengjia.config.parameters import Parameter
from tengjia.config.types import Misfit, described, fit
from tengjia.errors import Problem
from tengjia.utilities.suggestions import suggestions

_REFERENCE: Final = re.compile(r"\$\{([A-Za-z_][\w.]*)\}")
_YES_NO: Final = frozenset({"yes", "no", "on", "off", "y", "n"})


def check_values(plan: Plan) -> Iterator[Problem]:
    """Every value of the files and of the command line, and that no parameter without a default was forgotten."""
    for view in plan.views:
        given = [assignment for document in view.documents for assignment in view.assignments(document)]
        merged = view.merged()
        known = {".".join(key): assignment.value for key, assignment in merged.items()}
        for assignment in [*given, *view.overrides]:
            parameter = view.parameter(assignment.key, assignment.option)
            if parameter is not None:
                counts = merged.get(assignment.key[: view.depth(assignment.key)])
                yield from _value(assignment, parameter, assignment.key[view.depth(assignment.key) :])
                if assignment.option is None or (counts is not None and counts.origin == assignment.origin):
                    yield from _references(assignment, known)
        swept = {override.key for override in view.overrides if override.sweep}
        for key, assignment in merged.items():
            if is_missing(assignment.value) and key not in swept:
                parameter = view.parameter(key)
                yield _missing(view, assignment, parameter)


def _missing(view: View, assignment: Assignment, parameter: Parameter | None) -> Problem:
    document = view.documents[-1]
    values = {"sentence": parameter.sentence if parameter else "", "allowed": parameter.type if parameter else ""}
    return Problem("config.missing_value", document.name, document.line(assignment.key[0]), assignment.dotted, values)


def _references(assignment: Assignment, known: dict[str, Any]) -> Iterator[Problem]:
    """References of a value that counts lead to keys that exist (others may refer to what is not chosen)."""
    place = (assignment.origin.file, assignment.origin.line, assignment.dotted)
    for text in texts_in(assignment.value):
        for name in _REFERENCE.findall(text) if is_interpolated(text) else ():
            if name not in known and not any(key.startswith(f"{name}.") for key in known):
                yield Problem("config.bad_reference", *place, {"found": name, "nearest": suggestions(name, known)})


def _value(assignment: Assignment, parameter: Parameter, inside: tuple[str, ...]) -> Iterator[Problem]:
    place = (assignment.origin.file, assignment.origin.line, assignment.dotted)
    texts = list(texts_in(assignment.value))
    for text in texts:
        resolver = resolver_in(text)
        if resolver is not None and not (parameter.type.has("Secret") and ENVIRONMENT.match(text)):
            yield Problem("config.resolver", *place, {"found": resolver})
            return
    if any(map(is_interpolated, texts)) or (is_missing(assignment.value) and not inside):
        return
    value = assignment.value
    for name in reversed(inside):
        value = {name: value}
    yield from misfit_problems(value, parameter, *place)


def misfit_problems(value: Any, parameter: Parameter, file: str, line: int, key: str) -> Iterator[Problem]:
    """What is wrong with a value for a parameter, if anything."""
    try:
        fit(value, parameter.type)
    except Misfit as misfit:
        key = ".".join([key, *(str(part) for part in misfit.path if str(part) not in key.split("."))])
        values: dict[str, Any] = {
            "found": described(misfit.found),
            "allowed": str(parameter.type if not misfit.path else misfit.expected),
            "sentence": parameter.sentence,
        }
        choices = misfit.expected.choices() if misfit.path else parameter.type.choices()
        if choices and isinstance(misfit.found, str):
            values["nearest"] = suggestions(misfit.found, map(str, choices))
            yield Problem("config.wrong_choice", file, line, key, values)
        elif misfit.expected.has("bool") and str(misfit.found).lower() in _YES_NO:
            yield Problem("config.yes_no", file, line, key, values)
        elif misfit.expected.has("tuple") and not isinstance(misfit.found, list | tuple | dict | None):
            yield Problem("config.expected_list", file, line, key, {**values, "example": f"[{misfit.found}]"})
        elif misfit.expected.has("str") and isinstance(misfit.found, bool | int | float):
            yield Problem("config.expected_text", file, line, key, {**values, "example": f'"{misfit.found}"'})
        else:
            yield Problem("config.wrong_type", file, line, key, values)
