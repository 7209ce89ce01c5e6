"""`tengjia startapp APP`: an application with a first task that works."""

from __future__ import annotations

import argparse

from tengjia.messages import text


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("app", metavar="APP", help=text("command.start_new_app").message)
    parser.add_argument("--task", default="ner", metavar="TASK", help=text("command.start_first_task").message)
    base = text("command.start_base").message
    parser.add_argument("--base", default="sequence_labeling", metavar="BASE_TASK", help=base)
    parser.add_argument("--dry-run", action="store_true", help=text("command.start_dry_run").message)


def run(arguments: argparse.Namespace) -> int:
    """Write the application, and say what comes next."""
    from tengjia.command.project import find_root
    from tengjia.command.started import tell_files
    from tengjia.scaffold.application import application_files
    from tengjia.scaffold.writing import new_files

    root = find_root()
    files = application_files(root, arguments.app, arguments.task, arguments.base)
    tell_files(new_files(files, dry_run=arguments.dry_run), root, dry_run=arguments.dry_run)
    if not arguments.dry_run:
        print(text("scaffold.next_task", app=arguments.app, task=arguments.task).message)
    return 0
