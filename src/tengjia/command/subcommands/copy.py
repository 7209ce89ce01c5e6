"""`tengjia copy KIND/NAME [NEW]`: a module of the library as a file of the project, to change it."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from tengjia.messages import text


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("module", metavar="KIND/NAME", help=text("command.module").message)
    parser.add_argument("new", nargs="?", metavar="NEW", help=text("command.copy_new").message)


def run(arguments: argparse.Namespace) -> int:
    """Write the copy under `src/modules`, registered under its name, and say where it is."""
    from tengjia.command.modules import module_named, use_scope
    from tengjia.errors import ConfigurationError
    from tengjia.registry import REGISTRIES
    from tengjia.runs.folder import NAME
    from tengjia.utilities.files import write_text

    root = use_scope()
    kind, name = module_named(arguments.module)
    schema, entry = REGISTRIES[kind].schema(name), REGISTRIES[kind].find(name)
    new = arguments.new or name
    if not new.isidentifier() or not new.islower() or not NAME.match(new):
        raise ConfigurationError("modeling.bad_module_name", found=new)
    folder = root / "src" / "modules" / REGISTRIES[kind].folder.removeprefix("data/")
    target = folder / f"{new}.py"
    if target.exists():
        raise ConfigurationError("modeling.file_exists", file=target, found=target.name)
    write_text(target, registered_as(schema.file.read_text("utf-8"), name, new))
    _make_packages(root / "src" / "modules", folder)
    REGISTRIES[kind].forget()
    print(f"{entry.file} -> {target}")
    return 0


def registered_as(text: str, name: str, new: str) -> str:
    """The text of a module file with another registration: under a new name, or saying that it overrides."""
    said = f'"{new}"' if new != name else f'"{name}", override=True'
    return re.sub(rf'\.register\(\s*"{re.escape(name)}"[^)]*\)', f".register({said})", text, count=1)


def _make_packages(top: Path, folder: Path) -> None:
    for package in (folder, *folder.parents):
        if package.is_relative_to(top) and not (package / "__init__.py").exists():
            (package / "__init__.py").write_text('"""Modules of this project, found before those of the library."""\n')
