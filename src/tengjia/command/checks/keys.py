"""Keys: that each means something."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tengjia.command.checks.forbidden import CODE_KEYS
from tengjia.command.overrides import Override
from tengjia.command.plan import CALLBACKS, KINDS, NONE, Plan, View, top_level
from tengjia.config.documents import Document
from tengjia.config.types import described
from tengjia.errors import COMMAND_LINE, Problem
from tengjia.registry import REGISTRIES
from tengjia.utilities.suggestions import suggestions


def check_documents(plan: Plan) -> Iterator[Problem]:
    """Every key of the project file and of the task files."""
    for view in plan.views:
        yield from _project_keys(plan, view.documents[0])
        yield from _task_keys(view, view.documents[1])


def _project_keys(plan: Plan, document: Document) -> Iterator[Problem]:
    # The project file serves all tasks: a section of it need not concern the file that is read now.
    for head, value in document.data.items():
        problems = [_head_problem(view, document, head, value) for view in plan.views]
        kind = head.partition("/")[0]
        of_other_stages = kind in {*KINDS, CALLBACKS} and not any(kind in view.kinds for view in plan.views)
        if not of_other_stages and all(problem is not None for problem in problems):
            yield from problems[:1]  # type: ignore[misc]  # none of them is None
    for view in plan.views:
        yield from _inner_keys(view, document)


def _task_keys(view: View, document: Document) -> Iterator[Problem]:
    for head, value in document.data.items():
        problem = _head_problem(view, document, head, value)
        if problem is not None:
            yield problem
    yield from _inner_keys(view, document)


def _head_problem(view: View, document: Document, head: str, value: Any) -> Problem | None:
    """What is wrong with a key of the top level."""
    kind, slash, _ = head.partition("/")
    place = (document.name, document.line(head), head)
    if head in {"defaults", "hydra"} or head in CODE_KEYS:
        return None
    if view.part == "testing" and kind in view.base_task.from_run and kind not in view.sections:
        return Problem("config.from_run", *place, {"found": head})
    if kind in view.kinds or (kind == CALLBACKS and view.has_callbacks and not slash) or head in view.sections:
        if not isinstance(value, dict | None):
            if kind in view.kinds:
                return Problem("config.choose_in_defaults", *place, {"found": value, "kind": kind})
            return Problem("config.section_not_a_mapping", *place, {"found": described(value), "kind": kind})
        if kind in view.kinds and not slash and view.document_choices(document).get(kind) is None:
            return Problem("config.section_without_choice", *place, {"kind": kind})
        return None
    if not slash and head in top_level().parameters:
        return None
    return Problem("config.unknown_key", *place, _near(head, _heads(view)))


def _inner_keys(view: View, document: Document) -> Iterator[Problem]:
    for head, value in document.data.items():
        kind, slash, option = head.partition("/")
        if not isinstance(value, dict) or head == "hydra":
            continue
        if kind in view.kinds:
            choice = view.document_choices(document).get(kind)
            name = option if slash else choice.name if choice else None
            for key in value:
                if view.schema(kind, name) is not None or name in {None, NONE}:
                    yield from _unknown_in(view, (kind, key), document.name, document.line(head, key), name)
        elif head == CALLBACKS and view.has_callbacks:
            for name, items in value.items():
                line = document.line(head, name)
                if name not in REGISTRIES[CALLBACKS].entries() or not isinstance(items, dict):
                    yield from _unknown_callback(name, items, document.name, line)
                    continue
                for key in items:
                    yield from _unknown_in(view, (head, name, key), document.name, document.line(head, name, key))
        elif head in view.sections:
            for key in value:
                yield from _unknown_in(view, (head, key), document.name, document.line(head, key))


def _unknown_callback(name: str, items: Any, file: str, line: int) -> Iterator[Problem]:
    key = f"{CALLBACKS}.{name}"
    names = REGISTRIES[CALLBACKS].entries()
    if name not in names:
        yield Problem("config.unknown_callback", file, line, key, {"found": name, **_near(name, names)})
    elif items is not None:
        yield Problem("config.callback_switch", file, line, key, {"found": described(items), "example": _switch(items)})


def _switch(found: Any) -> str:
    return "false" if found is False or str(found).lower() in {"off", "no", "0", "none", "disabled"} else "true"


def check_overrides(plan: Plan) -> Iterator[Problem]:
    """Every override is known to one of the stages, and written so that it can be applied."""
    for override in plan.overrides:
        if override.key.startswith(("hydra.", "hydra/")) or override.key in {"hydra", *CODE_KEYS}:
            continue
        if any(part in CODE_KEYS for part in override.key.split(".")):
            continue
        yield from _grammar(plan, override)
        yield from _known(plan, override)


def _grammar(plan: Plan, override: Override) -> Iterator[Problem]:
    key, word = override.key, override.word
    if override.error:
        yield Problem("config.override_syntax", COMMAND_LINE, 0, key, {"found": word.text, "reason": override.error})
    elif override.sweep and not plan.arguments.multirun and key != "stage":
        yield Problem("config.sweep_without_m", COMMAND_LINE, 0, key, {"found": word.text})
    elif override.sweep and key in {"run", "resume", "sweep"}:
        yield Problem("config.no_sweep", COMMAND_LINE, 0, key, {"found": word.value})
    elif word.operator == "~" and key not in KINDS:
        yield Problem("config.delete", COMMAND_LINE, 0, key, {"found": word.text})


def _known(plan: Plan, override: Override) -> Iterator[Problem]:
    key = tuple(override.key.split("."))
    kind = override.key.partition("@")[0]
    if not plan.views or (override.key in KINDS and any(override.key in view.kinds for view in plan.views)):
        return
    knowing = [view for view in plan.views if view.parameter(key) is not None]
    for view in knowing:
        inside = len(key) > view.depth(key)
        parameter = view.parameter(key)
        if parameter is not None and inside and not parameter.type.has("dict"):
            yield Problem("config.unknown_key", COMMAND_LINE, 0, override.key, _near(override.key, [key[0]]))
        elif override.word.operator.startswith("+") and not inside:
            yield Problem("config.plus", COMMAND_LINE, 0, override.key, {"found": override.word.text})
        yield from _known_to_all_options(view, key)
    if not knowing:
        view = next((view for view in plan.views if _has(view, key[0])), plan.views[0])
        if any(kind == other or key[0] == other for other in view.base_task.from_run) and view.part == "testing":
            yield Problem("config.from_run", COMMAND_LINE, 0, override.key, {"found": override.word.text})
        else:
            found = override.values[0] if override.values else ""
            yield from _unknown_in(view, key, COMMAND_LINE, 0, found=found)


def _has(view: View, head: str) -> bool:
    return head in view.kinds or head in view.sections or (head == CALLBACKS and view.has_callbacks)


def _known_to_all_options(view: View, key: tuple[str, ...]) -> Iterator[Problem]:
    """In a sweep over modules every one of them must have the parameter."""
    for choice in view.choices.get(key[0], [])[1:]:
        if len(key) > 1 and choice.name is not None and view.schema(key[0], choice.name) is not None:
            yield from _unknown_in(view, key, COMMAND_LINE, 0, choice.name)


def _unknown_in(
    view: View, key: tuple[str, ...], file: str, line: int, option: str | None = None, found: Any = ""
) -> Iterator[Problem]:
    """The problem with a key that means no parameter, if it means none."""
    if view.parameter(key, option) is not None or key[-1] in CODE_KEYS:
        return
    head, *rest = key
    dotted = ".".join(key)
    if head in view.kinds and rest:
        name = option or view.chosen(head)
        if name in {None, NONE}:
            yield Problem("config.no_module_chosen", file, line, dotted, {"kind": head})
        elif (schema := view.schema(head, name)) is not None:
            values = {"kind": head, "option": name, "found": rest[0], **_near(rest[0], schema.parameters)}
            yield Problem("config.unknown_parameter", file, line, dotted, values)
    elif head == CALLBACKS and view.has_callbacks and rest:
        schema = view.schema(CALLBACKS, rest[0])
        if schema is None or len(rest) == 1:
            yield from _unknown_callback(rest[0], found, file, line)
        else:
            said = {"kind": "callback", "option": rest[0], "found": rest[1]}
            yield Problem("config.unknown_parameter", file, line, dotted, {**said, **_near(rest[1], schema.parameters)})
    elif head in view.sections and rest:
        said = {"kind": "section", "option": head, "found": rest[0]}
        near = _near(rest[0], view.sections[head].parameters)
        yield Problem("config.unknown_parameter", file, line, dotted, {**said, **near})
    elif head in view.sections or head == CALLBACKS:
        yield Problem("config.section_not_a_mapping", file, line, dotted, {"found": described(found), "kind": head})
    else:
        yield Problem("config.unknown_key", file, line, dotted, _near(head, _heads(view)))


def _heads(view: View) -> list[str]:
    callbacks = [CALLBACKS] if view.has_callbacks else []
    return [*top_level().parameters, *view.kinds, *callbacks, *view.sections]


def _near(found: str, known: Any) -> dict[str, Any]:
    return {"nearest": suggestions(found, known), "allowed": ", ".join(known) or "-"}
