"""Which modules are chosen: that they exist, that all that is needed is there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tengjia.command.fits import fitting
from tengjia.command.plan import CALLBACKS, KINDS, NONE, Choice, Plan, View
from tengjia.command.sections import BaseTask
from tengjia.config.documents import Document
from tengjia.errors import COMMAND_LINE, ConfigurationError, Problem
from tengjia.registry import REGISTRIES
from tengjia.utilities.suggestions import suggestions


def check_defaults_lists(plan: Plan) -> Iterator[Problem]:
    """Each item of a defaults list is `/config_project`, `_self_`, `KIND: NAME` or `override hydra/...: NAME`."""
    for view in plan.views:
        for document in view.documents:
            defaults = document.data.get("defaults", [])
            if not isinstance(defaults, list):
                yield Problem("config.defaults_not_a_list", document.name, document.line("defaults"), "defaults", {})
                continue
            for index, item in enumerate(defaults):
                yield from _check_item(view, document, index, item)


def _check_item(view: View, document: Document, index: int, item: Any) -> Iterator[Problem]:
    line = document.line("defaults", index)
    if isinstance(item, str) and item.lstrip("/") in {"config_project", "_self_"}:
        return
    if not isinstance(item, dict) or len(item) != 1:
        yield Problem("config.defaults_item", document.name, line, "defaults", {"found": item})
        return
    (kind, name), *_ = item.items()
    if kind.removeprefix("override ").lstrip("/").startswith("hydra/"):
        return
    if kind in view.base_task.from_run and view.part == "testing" and name is not None:
        yield Problem("config.from_run", document.name, line, kind, {"found": name})
    elif kind not in view.kinds:
        values = {"found": kind, "nearest": suggestions(kind, view.kinds), "allowed": ", ".join(view.kinds)}
        yield Problem("config.unknown_kind", document.name, line, kind, values)
    elif name is not None and not isinstance(name, str):
        yield Problem("config.not_a_name", document.name, line, kind, {"found": name, "kind": kind})


def check_modules(plan: Plan) -> Iterator[Problem]:
    """Each chosen name is a module whose file can be read; the same for names in `KIND/NAME:` sections."""
    for view in plan.views:
        for choice in _all_choices(view):
            yield from _problems_of(view, choice)
        for name in REGISTRIES[CALLBACKS].entries() if view.has_callbacks else ():
            try:
                REGISTRIES[CALLBACKS].schema(name)
            except ConfigurationError as error:
                yield from error.problems
    for override in plan.overrides:
        if override.key in KINDS and not override.error:
            for value in override.values:
                if not isinstance(value, str):
                    values = {"found": value, "kind": override.key}
                    yield Problem("config.not_a_name", COMMAND_LINE, 0, override.key, values)


def _all_choices(view: View) -> Iterator[Choice]:
    for document in view.documents:
        yield from view.document_choices(document).values()
        for head in document.data:
            kind, slash, name = head.partition("/")
            if slash and kind in view.kinds:
                yield Choice(kind, name, _origin_of(document, head))
    for choices in view.choices.values():
        yield from choices


def _origin_of(document: Document, head: str) -> Any:
    from tengjia.command.plan import Origin

    return Origin(document.name, document.line(head))


def _problems_of(view: View, choice: Choice) -> Iterator[Problem]:
    if choice.name is None or choice.name == NONE:
        return
    try:
        REGISTRIES[choice.kind].schema(choice.name)
    except ConfigurationError as error:
        for problem in error.problems:
            if problem.file:
                yield problem
            else:
                code, values = _for_base_task(view.base_task, problem)
                yield Problem(code, choice.origin.file, choice.origin.line, choice.kind, values)


def _for_base_task(base_task: BaseTask, problem: Problem) -> tuple[str, dict[str, Any]]:
    """Code and values of a problem; a name that nothing bears is answered with those that fit the base task."""
    if problem.code != "config.unknown_module" or problem.key not in base_task.fits:
        return problem.code, problem.values
    allowed = fitting(base_task, problem.key)
    values = {
        "base_task": base_task.name,
        "nearest": suggestions(str(problem.values["found"]), allowed),
        "allowed": ", ".join(allowed) or "-",
    }
    return "config.unknown_fitting_module", {**problem.values, **values}


def check_required(plan: Plan) -> Iterator[Problem]:
    """What the base task cannot do without is chosen."""
    for view in plan.views:
        for kind in view.base_task.required.get(view.part, ()):
            choices = view.choices.get(kind, [])
            if choices and all(choice.name is not None for choice in choices):
                continue
            origin = choices[0].origin if choices else None
            document = view.documents[-1]
            file, line = (origin.file, origin.line) if origin else (document.name, document.line("defaults"))
            allowed = ", ".join(fitting(view.base_task, kind)) or "-"
            values = {"kind": kind, "base_task": view.base_task.name, "allowed": allowed}
            yield Problem("config.kind_required", file, line, kind, values)
