"""`tengjia check [APP [TASK]]`: every mistake in every YAML, before anything runs."""

from __future__ import annotations

import argparse
import sys

from tengjia.messages import text


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("app", nargs="?", metavar="APP", help=text("command.check_app").message)
    parser.add_argument("task", nargs="?", metavar="TASK", help=text("command.check_task").message)


def run(arguments: argparse.Namespace) -> int:
    """Check tasks one after the other; exit code 2 when one has a mistake."""
    from tengjia.command.project import find_root
    from tengjia.command.reading import applications, tasks
    from tengjia.command.task_check import check_task
    from tengjia.errors import ConfigurationError
    from tengjia.utilities.suggestions import suggestions

    root = find_root()
    known = applications(root)
    apps = known if arguments.app is None else [arguments.app]
    if arguments.app not in {None, *known}:
        near = suggestions(arguments.app, known)
        raise ConfigurationError(
            "config.unknown_app", key="app", found=arguments.app, nearest=near, allowed=", ".join(known) or "-"
        )
    count = wrong = 0
    for app in apps:
        for task in tasks(root, app) if arguments.task is None else [arguments.task]:
            problems = check_task(root, app, task)
            count, wrong = count + 1, wrong + bool(problems)
            print(text("modeling.task_checked", app=app, task=task, count=len(problems)).message, flush=True)
            for problem in problems:
                print(f"  {problem}", file=sys.stderr, flush=True)
    print(text("modeling.tasks_checked", count=count, wrong=wrong).message)
    return ConfigurationError.exit_code if wrong else 0
