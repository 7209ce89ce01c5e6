"""`tengjia show KIND/NAME`: file, words, and parameters of a module with types, defaults and sentences.

`tengjia show section/NAME` does so for a section of configs, of each base task or task that has one.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from tengjia.messages import text

if TYPE_CHECKING:
    from tengjia.config.parameters import Schema


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("module", metavar="KIND/NAME", help=text("command.module").message)
    parser.add_argument("--app", default="", help=text("command.module_app").message)
    parser.add_argument("--task", default="", help=text("command.module_task").message)


def run(arguments: argparse.Namespace) -> int:
    """Print the module, or the section of a config."""
    from tengjia.command.modules import module_named, tell_of_english, use_scope
    from tengjia.command.sections import homes_of, section_schema
    from tengjia.registry import REGISTRIES

    root = use_scope(arguments.app, arguments.task)
    kind, _, section = arguments.module.partition("/")
    if kind in {"section", "sections"} and section:
        for home, owners in homes_of(root, section).items():
            _show(f"{kind}/{section}", ", ".join(owners), section_schema(root, home), section)
    else:
        kind, name = module_named(arguments.module)
        schema, entry = REGISTRIES[kind].schema(name), REGISTRIES[kind].find(name)
        _show(f"{kind}/{name}", entry.owner, schema, f"callbacks.{name}" if kind == "callbacks" else kind)
    tell_of_english()
    return 0


def _show(title: str, owner: str, schema: Schema, prefix: str) -> None:
    from tengjia.command.plan import is_missing
    from tengjia.config.parameters import between, written

    print(f"{title}    {owner}    {schema.file}:{schema.line}\n")
    print(schema.documentation, end="\n\n")
    limits = schema.attributes.get("limits", {})
    for attribute, value in schema.attributes.items():
        if attribute != "limits":  # told with each parameter
            print(f"{attribute}: {value}")
    for parameter in schema.parameters.values():
        default = "" if is_missing(parameter.default) else f" = {written(parameter.default)}"
        allowed = f"    ({between(*limits[parameter.name])})" if parameter.name in limits else ""
        print(f"{prefix}.{parameter.name}: {parameter.type}{default}{allowed}")
        print(f"    {parameter.sentence}")
