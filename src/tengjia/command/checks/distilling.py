"""What a distillation will do makes sense: student, teacher, weights, layers; told before anything is trained."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from tengjia.command.checks.effective import Effective
from tengjia.command.fits import said
from tengjia.config.parameters import Parameter, Schema, between
from tengjia.config.types import Misfit, described, fit
from tengjia.errors import ConfigurationError, Problem
from tengjia.registry import REGISTRIES
from tengjia.runs.folder import NAME, runs_in
from tengjia.utilities.suggestions import suggestions

SECTION: Final = "distil"
STUDENT: Final = "student"
HOME: Final = "distillation"
"""Folder of the library whose classes declare the sections."""
DECODER: Final = "classes"
LAYERS: Final = "layers"
"""Parameter of a transformer of the house that says how many layers it has."""


def check_distillation(effective: Effective) -> Iterator[Problem]:
    """Everything that is wrong with the sections `distil`, `student` and `augmentation`."""
    schema = effective.view.sections.get(SECTION)
    if schema is None or schema.file.parent.name != HOME:
        return
    yield from _student(effective)
    yield from _weights(effective)
    yield from _layers(effective)
    yield from _augmentation(effective)
    if "distil" in effective.view.stages:
        yield from _teacher(effective)


def _student_schema(effective: Effective) -> Schema | None:
    name = effective.value(STUDENT, "model")
    return _classifier(name) if isinstance(name, str) else None


def _classifier(name: str) -> Schema | None:
    """The schema of a model that scores classes; `None` if there is none of that name."""
    try:
        schema = REGISTRIES["model"].schema(name)
    except ConfigurationError:
        return None
    return schema if DECODER in said("model", schema) else None


def _student(effective: Effective) -> Iterator[Problem]:
    """The student is a classifier, and its parameters are parameters of it."""
    name, schema = effective.value(STUDENT, "model"), _student_schema(effective)
    if not isinstance(name, str):
        return
    if schema is None:
        known = [one for one in REGISTRIES["model"].entries() if _classifier(one) is not None]
        allowed = {"nearest": suggestions(name, known), "allowed": ", ".join(known)}
        yield effective.problem("distillation.unknown_student", STUDENT, "model", found=name, **allowed)
        return
    values = effective.value(STUDENT, "parameters")
    given = values.items() if isinstance(values, dict) else ()
    problems = (_parameter(effective, schema, name, str(key), value) for key, value in given if value is not None)
    yield from (problem for problem in problems if problem is not None)


def _parameter(effective: Effective, schema: Schema, model: str, key: str, value: Any) -> Problem | None:
    place = (STUDENT, "parameters")
    parameter: Parameter | None = schema.parameters.get(key)
    if parameter is None:
        near = {"nearest": suggestions(key, schema.parameters), "allowed": ", ".join(schema.parameters)}
        return effective.problem("distillation.unknown_parameter", *place, model=model, found=key, **near)
    told = {"model": model, "parameter": key, "found": described(value)}
    try:
        fitted = fit(value, parameter.type)
    except Misfit as misfit:
        return effective.problem("distillation.parameter_value", *place, **told, allowed=str(misfit.expected))
    least, most = schema.attributes.get("limits", {}).get(key, (None, None))
    number = fitted if isinstance(fitted, int | float) and not isinstance(fitted, bool) else None
    if number is not None and ((least is not None and number < least) or (most is not None and number > most)):
        return effective.problem("distillation.parameter_value", *place, **told, allowed=between(least, most))
    return None


def _weights(effective: Effective) -> Iterator[Problem]:
    """There are students, and something is taught to the one that has a teacher."""
    students = effective.value(SECTION, "students")
    if isinstance(students, list | tuple) and (not students or len(set(students)) < len(students)):
        yield effective.problem("distillation.no_students", SECTION, "students", found=", ".join(map(str, students)))
    names = ("soft_weight", "hidden_weight", "attention_weight")
    if "distilled" in (students or ()) and all(effective.value(SECTION, name) == 0 for name in names):
        yield effective.problem("distillation.nothing_taught", SECTION, "soft_weight")


def _layers(effective: Effective) -> Iterator[Problem]:
    """Layers are matched between transformers only, and those that are named exist."""
    key = next((name for name in ("hidden_weight", "attention_weight") if effective.value(SECTION, name)), None)
    if key is None:
        return
    student, own_teacher = _student_schema(effective), effective.value(SECTION, "teacher") is None
    pair = [(student, effective.value(STUDENT, "model"))]
    if own_teacher:
        pair.append((effective.schema("model"), effective.choices.get("model")))
    for schema, name in pair:
        if schema is not None and schema.attributes.get("layered") is not True:
            yield effective.problem("distillation.no_layers", SECTION, key, found=name)
            return
    yield from _layer_map(effective, student, own_teacher)


def _layer_map(effective: Effective, student: Schema | None, own_teacher: bool) -> Iterator[Problem]:
    """As far as the numbers of layers are known: an encoder of a folder tells its own later."""
    pairs = effective.value(SECTION, "layer_map")
    given = effective.value(STUDENT, "parameters")
    layers = given.get(LAYERS) if isinstance(given, dict) else None
    if layers is None and student is not None and LAYERS in student.parameters:
        layers = student.parameters[LAYERS].default
    most = effective.value("model", LAYERS) if own_teacher else None
    if not pairs or not isinstance(layers, int):
        return
    beyond = isinstance(most, int) and any(not 0 <= layer <= most for layer in pairs)
    if len(pairs) != layers + 1 or beyond:
        allowed = f"0 - {most}" if isinstance(most, int) else "0 - "
        values = {"found": list(pairs), "count": layers + 1, "layers": layers, "allowed": allowed}
        yield effective.problem("distillation.layer_map", SECTION, "layer_map", **values)


def _augmentation(effective: Effective) -> Iterator[Problem]:
    """Probabilities and lengths do not contradict one another."""
    mask, replace = (effective.value("augmentation", name) for name in ("mask", "replace"))
    if isinstance(mask, int | float) and isinstance(replace, int | float) and mask + replace > 1:
        yield effective.problem("distillation.more_than_all", "augmentation", "replace", found=mask + replace)
    shortest, longest = (effective.value("augmentation", name) for name in ("shortest", "longest"))
    if isinstance(shortest, int) and isinstance(longest, int) and shortest > longest:
        values = {"found": shortest, "allowed": longest}
        yield effective.problem("distillation.shortest_longest", "augmentation", "shortest", **values)


def _teacher(effective: Effective) -> Iterator[Problem]:
    """A teacher that is named is there: a run of the task, or a folder. What an address leads to is seen later."""
    name, root = effective.value(SECTION, "teacher"), effective.folder("check_point_root")
    app, task = effective.value("app"), effective.value("task")
    if not isinstance(name, str) or "://" in name or name in {"latest", "best"} or root is None:
        return
    parent = root / str(app) / str(task)
    there = [Path(name), effective.view.root / name, *([parent / name] if NAME.match(name) else [])]
    if any((folder / file).is_file() for folder in there for file in ("run.json", "filelist.txt")):
        return
    runs = [run.id for run in runs_in(parent)] if parent.is_dir() else []
    values = {
        "found": name,
        "folder": parent,
        "nearest": suggestions(name, runs),
        "allowed": ", ".join(runs[-8:]) or "-",
    }
    yield effective.problem("distillation.teacher_not_there", SECTION, "teacher", **values)
