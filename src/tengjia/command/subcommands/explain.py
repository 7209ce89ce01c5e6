"""`tengjia explain KEY [OVERRIDE ...]`: which file, line or override set a value."""

from __future__ import annotations

import argparse

from tengjia.messages import text


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("key", metavar="KEY", help=text("command.explain_key").message)
    parser.add_argument("overrides", nargs="*", metavar="KEY=VALUE", help=text("command.explain_overrides").message)


def run(arguments: argparse.Namespace) -> int:
    """Print value and origin."""
    from tengjia.command.arguments import read_arguments
    from tengjia.command.checks import check_plan
    from tengjia.command.explanation import explain
    from tengjia.command.project import find_root
    from tengjia.command.reading import make_plan
    from tengjia.errors import ConfigurationError

    plan = make_plan(find_root(), read_arguments(arguments.overrides))
    problems = check_plan(plan)
    if problems:
        raise ConfigurationError(problems)
    return explain(plan, [arguments.key])
