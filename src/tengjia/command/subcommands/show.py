"""`tengjia show KIND/NAME`: file, words, and parameters of a module with types, defaults and sentences."""

from __future__ import annotations

import argparse

from tengjia.messages import text


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("module", metavar="KIND/NAME", help=text("command.module").message)
    parser.add_argument("--app", default="", help=text("command.module_app").message)
    parser.add_argument("--task", default="", help=text("command.module_task").message)


def run(arguments: argparse.Namespace) -> int:
    """Print the module."""
    from tengjia.command.modules import module_named, tell_of_english, use_scope
    from tengjia.command.plan import is_missing
    from tengjia.config.parameters import between, written
    from tengjia.registry import REGISTRIES

    use_scope(arguments.app, arguments.task)
    kind, name = module_named(arguments.module)
    schema, entry = REGISTRIES[kind].schema(name), REGISTRIES[kind].find(name)
    print(f"{kind}/{name}    {entry.owner}    {schema.file}:{schema.line}\n")
    print(schema.documentation, end="\n\n")
    limits = schema.attributes.get("limits", {})
    for attribute, value in schema.attributes.items():
        if attribute != "limits":  # told with each parameter
            print(f"{attribute}: {value}")
    prefix = f"callbacks.{name}" if kind == "callbacks" else kind
    for parameter in schema.parameters.values():
        default = "" if is_missing(parameter.default) else f" = {written(parameter.default)}"
        allowed = f"    ({between(*limits[parameter.name])})" if parameter.name in limits else ""
        print(f"{prefix}.{parameter.name}: {parameter.type}{default}{allowed}")
        print(f"    {parameter.sentence}")
    tell_of_english()
    return 0
