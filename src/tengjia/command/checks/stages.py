"""Stages: that each has a step file, and that the top-level settings suit them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tengjia.command.plan import Assignment, Plan, shown
from tengjia.errors import COMMAND_LINE, Problem
from tengjia.runs.folder import NAME, TRAINING

RESUME_WORDS = ("never", "auto")
RUN_WORDS = ("latest", "best")
CROSS_VALIDATE = "cross_validate"
LEAST_FOLDS = 2


def step_file(folder: Path, stage: str) -> Path:
    """The file of a stage: `X.py` or `X_model.py`."""
    file = folder / f"{stage}.py"
    return file if file.is_file() else folder / f"{stage}_model.py"


def check_step_files(plan: Plan) -> Iterator[Problem]:
    """The file of each stage is Python and holds a function of its name that takes a config and a run."""
    for stage in plan.stages:
        file = step_file(plan.task_folder, stage)
        name = shown(plan.root, file)
        try:
            tree = ast.parse(file.read_bytes(), str(file))
        except (SyntaxError, ValueError, OSError) as error:
            line = getattr(error, "lineno", None) or 0
            yield Problem("config.module_unreadable", name, line, "stage", {"found": str(error)})
            continue
        yield from _base_task_unsaid(plan, stage, tree, name)
        functions = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == file.stem]
        takes = len(functions[0].args.posonlyargs + functions[0].args.args) if functions else 0
        if takes < 2:
            line = functions[0].lineno if functions else 0
            yield Problem("config.step_function", name, line, "stage", {"found": file.stem})


def _base_task_unsaid(plan: Plan, stage: str, tree: ast.Module, file: str) -> Iterator[Problem]:
    """A step that calls a base task needs the config of one."""
    view = plan.view(stage) if plan.views else None
    if view is None or view.base_task.name is not None or any(view.base_task_said):
        return
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module == "tengjia.base_tasks":
            document = view.documents[-1]
            values = {"found": node.names[0].name, "step": file}
            yield Problem("config.base_task_unsaid", document.name, 0, "base_task", values)


def check_run_choice(plan: Plan) -> Iterator[Problem]:
    """`run`, `resume` and `compare` make sense for the stages."""
    if not plan.views or plan.stages_guessed:
        return
    values = {key[0]: assignment for key, assignment in plan.views[0].merged().items() if len(key) == 1}
    folds, tests = CROSS_VALIDATE in plan.stages, "test" in plan.stages
    trains = bool(set(TRAINING) & set(plan.stages)) or folds
    run, resume, compare = values["run"], values["resume"], values["compare"]
    if folds and len(plan.stages) > 1:
        found = ",".join(plan.stages)
        yield Problem("config.cross_validate_alone", COMMAND_LINE, 0, "stage", {"found": found})
    yield from _folds(values, folds)
    if trains and run.value is not None and (run.value in RUN_WORDS or not NAME.match(str(run.value))):
        yield _at(run, "config.run_name", found=run.value)
    if resume.value != "never" and not trains:
        yield _at(resume, "config.resume_without_train", found=resume.value)
    if resume.value not in RESUME_WORDS and not NAME.match(str(resume.value)):
        yield _at(resume, "config.resume_name", found=resume.value)
    if resume.value not in RESUME_WORDS and run.value is not None:
        yield _at(run, "config.run_and_resume", found=run.value)
    if run.value is not None and trains and plan.arguments.multirun:
        yield _at(run, "config.run_in_sweep", found=run.value)
    if compare.value is not None and not tests:
        yield _at(compare, "config.compare_without_test", found=compare.value)
    if values["sweep"].value is not None and not plan.arguments.multirun:
        yield Problem("config.sweep_id_without_m", COMMAND_LINE, 0, "sweep", {"found": values["sweep"].value})


def _folds(values: dict[str, Assignment], wanted: bool) -> Iterator[Problem]:
    """`folds` and `group` are for the stage that cuts folds."""
    folds, group = values["folds"], values["group"]
    if isinstance(folds.value, int) and folds.value < LEAST_FOLDS:
        yield _at(folds, "config.too_few_folds", found=folds.value, allowed=LEAST_FOLDS)
    for assignment in (folds, group):
        if not wanted and assignment.origin.file == COMMAND_LINE and assignment.value is not None:
            yield _at(assignment, "config.folds_without_cross_validate", found=assignment.value)


def _at(assignment: Assignment, code: str, **values: object) -> Problem:
    return Problem(code, assignment.origin.file, assignment.origin.line, assignment.dotted, values)
