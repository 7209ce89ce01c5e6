"""`tengjia starttask APP TASK --like NAME | --base NAME`: a task that works, with its test."""

from __future__ import annotations

import argparse

from tengjia.messages import text


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("app", metavar="APP", help=text("command.start_app").message)
    parser.add_argument("task", metavar="TASK", help=text("command.start_task").message)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--like", metavar="TASK", help=text("command.start_like").message)
    source.add_argument("--base", metavar="BASE_TASK", help=text("command.start_base").message)
    parser.add_argument("--dry-run", action="store_true", help=text("command.start_dry_run").message)


def run(arguments: argparse.Namespace) -> int:
    """Write the task and its test, and say what comes next."""
    from tengjia.command.project import find_root
    from tengjia.command.reading import applications
    from tengjia.command.started import tell_files
    from tengjia.errors import ConfigurationError
    from tengjia.scaffold.names import checked_name
    from tengjia.scaffold.task import task_like, task_on
    from tengjia.scaffold.writing import new_files
    from tengjia.utilities.suggestions import suggestions

    root, app, task = find_root(), arguments.app, arguments.task
    checked_name("app", app)
    if app not in (known := applications(root)):
        near = suggestions(app, known)
        raise ConfigurationError("scaffold.no_app", found=app, nearest=near, allowed=", ".join(known) or "-")
    files = (
        task_like(root, app, task, arguments.like)
        if arguments.like is not None
        else task_on(root, app, task, arguments.base)
    )
    tell_files(new_files(files, dry_run=arguments.dry_run), root, dry_run=arguments.dry_run)
    if not arguments.dry_run:
        print(text("scaffold.next_task", app=app, task=task).message)
    return 0
