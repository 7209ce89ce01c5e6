"""The checks: small functions `check_x(plan) -> Iterator[Problem]`, in files by theme. To add one, add it to a list."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tengjia.command.checks import (
    choices,
    crawling,
    devices,
    distilling,
    encoders,
    fitting,
    forbidden,
    keys,
    limits,
    publishing,
    stages,
    values,
)
from tengjia.command.checks.effective import Effective, effective_views
from tengjia.command.plan import Plan
from tengjia.errors import COMMAND_LINE, Problem

PLAN_CHECKS: list[Callable[[Plan], Iterator[Problem]]] = [
    forbidden.check_targets,
    forbidden.check_hydra,
    choices.check_defaults_lists,
    choices.check_modules,
    choices.check_required,
    keys.check_documents,
    keys.check_overrides,
    values.check_values,
    stages.check_step_files,
    stages.check_run_choice,
]
"""What can be said of the words of a command and of its files."""

EFFECTIVE_CHECKS: list[Callable[[Effective], Iterator[Problem]]] = [
    fitting.check_base_task,
    fitting.check_decoder,
    fitting.check_monitor,
    fitting.check_callbacks,
    fitting.check_reader,
    fitting.check_files,
    fitting.check_corpus,
    encoders.check_encoder,
    encoders.check_encoder_tokenizer,
    encoders.check_encoder_rate,
    limits.check_limits,
    publishing.check_publish,
    crawling.check_crawl,
    distilling.check_distillation,
    devices.check_device,
]
"""What can be said of the values together. They run before composing, as far as values are known, and after."""


def check_plan(plan: Plan) -> list[Problem]:
    """Every mistake of a command, each told once."""
    problems = list(plan.problems)
    for check in PLAN_CHECKS:
        problems += check(plan)
    for view in plan.views:
        for effective in effective_views(view):
            problems += check_effective(effective)
    return once(problems)


def check_effective(effective: Effective) -> list[Problem]:
    """Every contradiction among the values of one config."""
    return [problem for check in EFFECTIVE_CHECKS for problem in check(effective)]


def once(problems: list[Problem]) -> list[Problem]:
    """The problems without repetitions, in the order of files and lines; the command line comes last."""
    kept = {(problem.code, problem.where, str(problem)): problem for problem in problems}
    return sorted(kept.values(), key=lambda problem: (problem.file == COMMAND_LINE, problem.file, problem.line))
