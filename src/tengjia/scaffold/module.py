"""`tengjia startmodule KIND NAME`: a small module that works, and the test that holds it to its promises."""

from __future__ import annotations

import re
from pathlib import Path

from tengjia.errors import ConfigurationError
from tengjia.registry import REGISTRIES
from tengjia.scaffold.filling import TEMPLATES, fill, filled, written_by
from tengjia.scaffold.names import checked_name, class_name
from tengjia.scaffold.writing import packages


def module_files(root: Path, kind: str, name: str) -> dict[Path, str]:
    """The files of a new module of a project: itself, its test, and the packages they stand in.

    Args:
        root: The project; the registry looks there.
        kind: Kind of the module.
        name: Its name.

    Raises:
        ConfigurationError: The name cannot be one, or is taken.
    """
    checked_name("module", name)
    _refuse_taken(kind, name)
    folder = root / "src" / "modules" / REGISTRIES[kind].folder.removeprefix("data/")
    tests = root / "src" / "tests" / "modules"
    values = {
        "kind": kind,
        "name": name,
        "class_name": class_name(name),
        "written_by": written_by(f"tengjia startmodule {kind} {name}"),
    }
    sample = TEMPLATES / "modules" / f"{kind}.sample"
    values["sample"] = fill(sample.read_text("utf-8"), values) if sample.is_file() else ""
    return {
        **packages(folder, root / "src"),
        **packages(tests, root / "src"),
        folder / f"{name}.py": _content(kind, name, values),
        tests / f"test_{kind}_{name}.py": filled("modules/test.py", values),
    }


def _content(kind: str, name: str, values: dict[str, str]) -> str:
    if kind != "trainer":
        return filled(f"modules/{kind}.py", values)
    # A loop that resumes to the bit is no short program: one begins with the library's.
    text = REGISTRIES["trainer"].find("default").file.read_text("utf-8")
    head, words, rest = text.partition('"""\n\n')
    to_fill_in = "# To fill in: what your loop does otherwise. The rest is the library's."
    text = f"{head}{words}# {values['written_by']}\n{to_fill_in}\n\n{rest}"
    return re.sub(r'register\("default"\)', f'register("{name}")', text, count=1)


def _refuse_taken(kind: str, name: str) -> None:
    entry = REGISTRIES[kind].entries().get(name)
    if entry is None:
        return
    if entry.owner == "project":
        raise ConfigurationError("scaffold.exists", file=entry.file, found=entry.file.name)
    raise ConfigurationError("scaffold.taken", found=name, kind=kind, owner=entry.owner)
