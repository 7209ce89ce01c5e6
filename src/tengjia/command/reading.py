"""From the command line to a plan: choose app, task and stage, read their files, parse the overrides."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tengjia.command.arguments import Arguments
from tengjia.command.overrides import Override, parse_override
from tengjia.command.plan import KINDS, NONE, Choice, Origin, Plan, View, command_line, part_of, top_level
from tengjia.command.sections import SECTIONS, BaseTask, read_base_task, read_task_sections, section_schema
from tengjia.config.documents import Document, read_document
from tengjia.errors import COMMAND_LINE, ConfigurationError, Problem
from tengjia.registry import Scope, set_scope
from tengjia.utilities.suggestions import suggestions

PROJECT_FILE = "config_project.yaml"


def make_plan(root: Path, arguments: Arguments) -> Plan:
    """Understand a command as far as it goes; mistakes are collected in `plan.problems`."""
    plan = Plan(root, arguments, problems=list(arguments.problems))
    project = read_document(root / PROJECT_FILE, PROJECT_FILE)
    plan.problems += project.problems
    if _choose(plan, project):
        set_scope(Scope(root, plan.app, plan.task))
        for part in dict.fromkeys(map(part_of, plan.stages)):
            plan.views.append(_read_view(plan, part, project))
        for view in plan.views:
            _choose_modules(view, _choice_words(arguments))
        plan.overrides = [_parse(plan, index) for index in range(len(arguments.words))]
        for view in plan.views:
            _take_overrides(plan, view)
    return plan


def applications(root: Path) -> list[str]:
    """Names of the applications of a project."""
    return sorted(folder.parent.name for folder in (root / "src" / "applications").glob("*/tasks"))


def tasks(root: Path, app: str) -> list[str]:
    """Names of the tasks of an application."""
    folders = (root / "src" / "applications" / app / "tasks").glob("*/config_task_*.yaml")
    return sorted({file.parent.name for file in folders})


def stages_of(folder: Path) -> list[str]:
    """The stages of a task: a file `X.py` or `X_model.py` makes a stage X."""
    files = [file for file in sorted(folder.glob("[a-z]*.py")) if file.name != SECTIONS]
    stems = [file.stem for file in files if not file.stem.startswith("build_")]
    return [stem.removesuffix("_model") for stem in stems]


def _choose(plan: Plan, project: Document) -> bool:
    chosen: dict[str, Any] = {}
    for key in ("app", "task", "stage"):
        chosen[key], file, line = _said(plan, project, key)
        if key == "stage":
            plan.stages = _stages(plan, chosen[key], file, line)
        else:
            known = applications(plan.root) if key == "app" else tasks(plan.root, chosen["app"])
            if chosen[key] is None:
                if not project.problems:  # else it is not known what the file says
                    values = {"example": known[0] if known else "NAME", "allowed": ", ".join(known) or "-"}
                    plan.problems.append(Problem("config.unsaid", project.name, 0, key, values))
                return False
            if chosen[key] not in known:
                code = "config.unknown_app" if key == "app" else "config.unknown_task"
                plan.problems.append(_unknown(code, key, chosen[key], known, file, line))
                return False
            setattr(plan, key, chosen[key])
    return bool(plan.stages)


def _said(plan: Plan, project: Document, key: str) -> tuple[Any, str, int]:
    """The value of `app`, `task` or `stage`, and where it stands."""
    value, file, line = project.data.get(key), project.name, project.line(key)
    for word in plan.arguments.words:
        if word.key != key or word.operator:
            continue
        override = parse_override(word, top_level().parameters[key], plan.arguments.multirun)
        if override.sweep:
            code = "config.stage_list" if key == "stage" and not plan.arguments.multirun else "config.no_sweep"
            joined = ",".join(map(str, override.values))
            plan.problems.append(Problem(code, COMMAND_LINE, 0, key, {"found": joined}))
            value = override.values if key == "stage" else override.values[0]
        elif override.values:
            value = override.values[0]
        file, line = COMMAND_LINE, 0
    default = top_level().parameters[key].default
    return (default if value is None and key == "stage" else value), file, line


def _stages(plan: Plan, value: Any, file: str, line: int) -> tuple[str, ...]:
    """The stages that are meant. A wrong name is told, and the rest is checked as for the stage of the nearest name."""
    stages = value if isinstance(value, list) else [value]
    known = stages_of(plan.task_folder)
    found: list[str] = []
    for stage in stages or ["[]"]:
        if stage in known:
            found.append(stage)
            continue
        problem = _unknown("config.unknown_stage", "stage", stage, known, file, line)
        plan.problems.append(problem)
        near = problem.values["nearest"]
        plan.stages_guessed = plan.stages_guessed or not near
        found += near[:1] or known  # nothing is near: what any stage knows is no mistake
    return tuple(dict.fromkeys(found))


def _unknown(code: str, key: str, found: Any, known: list[str], file: str, line: int) -> Problem:
    values = {"found": found, "nearest": suggestions(found, known), "allowed": ", ".join(known) or "-"}
    return Problem(code, file, line, key, values)


def _read_view(plan: Plan, part: str, project: Document) -> View:
    file = plan.task_folder / f"config_task_{part}.yaml"
    document = read_document(file, str(file.relative_to(plan.root)))
    plan.problems += document.problems
    if not document.data and not document.problems:
        plan.problems.append(Problem("config.empty_file", document.name))
    stages = tuple(stage for stage in plan.stages if part_of(stage) == part)
    view = View(plan.root, part, stages, [project, document], BaseTask())
    try:
        view.base_task = read_base_task(_base_task_name(view))
    except ConfigurationError as error:
        plan.problems.append(_at(error.problem, document.name, document.line("base_task")))
    homes = dict(view.base_task.sections.get(part, {}))
    try:
        homes.update(read_task_sections(plan.task_folder, part))
    except ConfigurationError as error:
        plan.problems += error.problems
    for name, home in homes.items():
        try:
            view.sections[name] = section_schema(plan.root, home)
        except ConfigurationError as error:
            plan.problems += error.problems
    return view


def _base_task_name(view: View) -> str | None:
    for document in reversed(view.documents):
        if isinstance(name := document.data.get("base_task"), str):
            return name
    return None


def _at(problem: Problem, file: str, line: int) -> Problem:
    return Problem(problem.code, file, line, problem.key, problem.values)


def _choice_words(arguments: Arguments) -> list[Override]:
    words = [word for word in arguments.words if word.key in KINDS]
    return [parse_override(word, None, arguments.multirun) for word in words]


def _choose_modules(view: View, overrides: list[Override]) -> None:
    for document in view.documents:
        view.choices.update({kind: [choice] for kind, choice in view.document_choices(document).items()})
    for override in overrides:
        if override.key in view.kinds and all(isinstance(value, str) for value in override.values):
            view.choices[override.key] = [
                Choice(override.key, None if value == NONE else value, Origin(COMMAND_LINE))
                for value in override.values
            ] or view.choices.get(override.key, [])


def _parse(plan: Plan, index: int) -> Override:
    word = plan.arguments.words[index]
    key = tuple(word.key.split("."))
    for view in plan.views:
        if (parameter := view.parameter(key)) is not None:
            inside = len(key) > view.depth(key) and parameter.type.has("dict")
            return parse_override(word, parameter, plan.arguments.multirun, inside=inside)
    return parse_override(word, None, plan.arguments.multirun)


def _take_overrides(plan: Plan, view: View) -> None:
    """Keep the overrides that this view knows."""
    for override in plan.overrides:
        if override.error or override.key in KINDS:
            continue
        if view.parameter(tuple(override.key.split("."))) is None:
            continue
        for value in override.values:
            operator = override.word.operator
            view.overrides.append(command_line(override.key, value, sweep=override.sweep, operator=operator))
