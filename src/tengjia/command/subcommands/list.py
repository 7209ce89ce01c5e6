"""`tengjia list [KIND]`: what can be chosen, each with a sentence. Imports none of it."""

from __future__ import annotations

import argparse


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("kind", nargs="?", metavar="KIND", help="model, tokenizer, ...; all kinds when left out")
    parser.add_argument("--app", default="", help="also what this application brings")
    parser.add_argument("--task", default="", help="also what this task brings")


def run(arguments: argparse.Namespace) -> int:
    """Print the names."""
    from tengjia.command.modules import first_sentence, kind_named, use_scope
    from tengjia.registry import REGISTRIES

    use_scope(arguments.app, arguments.task)
    kinds = [kind_named(arguments.kind)] if arguments.kind else list(REGISTRIES)
    for kind in kinds:
        print(kind)
        entries = REGISTRIES[kind].entries()
        width = max((len(name) for name in entries), default=0)
        for name, entry in entries.items():
            owner = "" if entry.owner == "library" else f"[{entry.owner}] "
            print(f"  {name:<{width}}  {owner}{first_sentence(kind, name)}")
    return 0
