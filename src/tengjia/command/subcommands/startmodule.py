"""`tengjia startmodule KIND NAME`: a small module of the project that works, with its test."""

from __future__ import annotations

import argparse

from tengjia.messages import text


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("kind", metavar="KIND", help=text("command.start_kind").message)
    parser.add_argument("name", metavar="NAME", help=text("command.start_module").message)
    parser.add_argument("--dry-run", action="store_true", help=text("command.start_dry_run").message)


def run(arguments: argparse.Namespace) -> int:
    """Write the module and its test, and say what comes next."""
    from tengjia.command.modules import kind_named
    from tengjia.command.project import find_root
    from tengjia.command.started import tell_files
    from tengjia.registry import REGISTRIES, Scope, set_scope
    from tengjia.scaffold.module import module_files
    from tengjia.scaffold.writing import new_files

    kind, name, root = kind_named(arguments.kind), arguments.name, find_root()
    set_scope(Scope(root))
    files = module_files(root, kind, name)
    tell_files(new_files(files, dry_run=arguments.dry_run), root, dry_run=arguments.dry_run)
    REGISTRIES[kind].forget()
    if not arguments.dry_run:
        print(
            text("scaffold.next_module", kind=kind, name=name, test=f"src/tests/modules/test_{kind}_{name}.py").message
        )
    return 0
