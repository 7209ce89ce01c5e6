"""`tengjia startproject DIR`: a project of one's own, beside or far from this repository."""

from __future__ import annotations

import argparse
from pathlib import Path

from tengjia.messages import text


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("folder", metavar="DIR", help=text("command.start_folder").message)
    parser.add_argument("--app", default="demo_app", metavar="APP", help=text("command.start_first_app").message)
    parser.add_argument("--task", default="ner", metavar="TASK", help=text("command.start_first_task").message)
    base = text("command.start_base").message
    parser.add_argument("--base", default="sequence_labeling", metavar="BASE_TASK", help=base)
    parser.add_argument("--dry-run", action="store_true", help=text("command.start_dry_run").message)


def run(arguments: argparse.Namespace) -> int:
    """Write the tree, and say what comes next."""
    from tengjia.command.started import tell_files
    from tengjia.scaffold.project import project_files
    from tengjia.scaffold.writing import new_files

    root = Path(arguments.folder).resolve()
    files = project_files(root, arguments.app, arguments.task, arguments.base)
    tell_files(new_files(files, dry_run=arguments.dry_run), root, dry_run=arguments.dry_run)
    if not arguments.dry_run:
        print(text("scaffold.next_project", folder=arguments.folder).message)
    return 0
