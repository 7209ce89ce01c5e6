"""`tengjia list [KIND]`: what can be chosen, each with a sentence, nothing imported. `tengjia list runs`: the runs."""

from __future__ import annotations

import argparse
import time
from typing import TYPE_CHECKING, Any

from tengjia.messages import text

if TYPE_CHECKING:
    from tengjia.runs.folder import RunFolder

RUNS = "runs"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("kind", nargs="?", metavar="KIND", help=text("command.list_kind").message)
    parser.add_argument("--base", metavar="BASE_TASK", help=text("command.list_base").message)
    parser.add_argument("--app", default="", help=text("command.list_app").message)
    parser.add_argument("--task", default="", help=text("command.list_task").message)
    parser.add_argument("--all", action="store_true", help=text("command.list_all").message)


def run(arguments: argparse.Namespace) -> int:
    """Print the names."""
    if arguments.kind == RUNS:
        return _list_runs(arguments)
    from tengjia.command.fits import fitting, said, schema_of
    from tengjia.command.modules import first_sentence, kind_named, tell_of_english, use_scope
    from tengjia.command.sections import read_base_task
    from tengjia.registry import REGISTRIES

    use_scope(arguments.app, arguments.task)
    base_task = read_base_task(arguments.base)
    kinds = [kind_named(arguments.kind)] if arguments.kind else list(REGISTRIES)
    for kind in kinds:
        print(kind)
        known = REGISTRIES[kind].entries()
        entries = {name: known[name] for name in fitting(base_task, kind)}
        width = max((len(name) for name in entries), default=0)
        for name, entry in entries.items():
            owner = "" if entry.owner == "library" else f"[{entry.owner}] "
            purpose = ", ".join(sorted(said(kind, schema_of(kind, name))))
            purpose = f"({purpose}) " if purpose else ""
            print(f"  {name:<{width}}  {owner}{purpose}{first_sentence(kind, name)}")
    tell_of_english()
    return 0


def _list_runs(arguments: argparse.Namespace) -> int:
    """The runs of a task, the newest last; those that came to nothing, and why, only if all are wanted."""
    from tengjia.command.project import find_root
    from tengjia.command.roots import run_parent
    from tengjia.reports.terminal import table
    from tengjia.runs.folder import runs_in

    parent = run_parent(find_root(), arguments.app or None, arguments.task or None)
    every = runs_in(parent, all_of_them=True)
    shown = every if arguments.all else [one for one in every if not one.came_to_nothing()]
    if shown:
        print(table(text("run.list_head").message.split("|"), [_row(one) for one in shown]))
    else:
        print(text("run.list_none", app=parent.parent.name, task=parent.name, folder=parent).message)
    for one in shown:
        if reason := _stage_that_counts(one).get("reason"):
            print(f"{one.id}: {reason}")
    if len(every) > len(shown):
        print(text("run.list_hidden", count=len(every) - len(shown)).message)
    return 0


def _stage_that_counts(run: RunFolder) -> dict[str, Any]:
    """Training, if the run did any, else its last stage."""
    stages: dict[str, dict[str, Any]] = run.about()["stages"]
    return stages.get("train") or next(reversed(stages.values()), {})


def _row(run: RunFolder) -> list[str]:
    from tengjia.runs.states import state_word
    from tengjia.utilities.files import read_json

    results = [run.path / f"{stage}_result.json" for stage in ("train", "cross_validate")]
    values: dict[str, Any] = next((read_json(result) for result in results if result.is_file()), {})
    score, state = values.get("best_score"), _stage_that_counts(run).get("state", "new")
    return [
        run.id,
        time.strftime("%Y-%m-%d %H:%M", time.localtime(run.about()["started"])),
        state_word(state),
        f"{score:.4f}" if isinstance(score, int | float) else "-",
        str(values.get("monitor", "-")),
    ]
