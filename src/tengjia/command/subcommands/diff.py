"""`tengjia diff RUN RUN`: what differs between two runs, in config, data, environment and scores."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tengjia.messages import text
from tengjia.utilities.files import read_json

LEFT_OUT = {"stage", "run", "resume"}
"""Settings that say what was done, not how."""
DOCUMENTS = {"config": "command.diff_config", "data": "command.diff_data", "environment": "command.diff_environment"}
"""Documents of a run folder -> heading."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("first", metavar="RUN", help=text("command.diff_run").message)
    parser.add_argument("second", metavar="RUN")
    parser.add_argument("--app", help=text("command.of_project_app").message)
    parser.add_argument("--task", help=text("command.of_project_task").message)


def run(arguments: argparse.Namespace) -> int:
    """Print the differences; exit code 0 when there are none, 1 when there are."""
    from tengjia.command.project import find_root
    from tengjia.command.roots import run_parent
    from tengjia.runs import select_run

    parent = run_parent(find_root(), arguments.app, arguments.task)
    first, second = (select_run(parent, name) for name in (arguments.first, arguments.second))
    lines = [line for title, rows in compare(first.path, second.path) if rows for line in (title, *rows, "")]
    print(f"{first.id}  ->  {second.id}\n")
    print("\n".join(lines) if lines else text("command.diff_none").message)
    return 1 if lines else 0


def compare(first: Path, second: Path) -> Iterator[tuple[str, list[str]]]:
    """Title and rows of each document of the run folders."""
    for name, code in DOCUMENTS.items():
        yield text(code).message, differences(_document(first, name), _document(second, name))
    for stage in ("train", "test"):
        one, other = (_document(folder, f"{stage}_result") for folder in (first, second))
        if bool(one) == bool(other):
            yield text("command.diff_results", stage=stage).message, differences(one, other)
        else:  # a list of `- -> 0.93` would tell no more
            only = text("command.diff_only", run=(first if one else second).name).message
            yield text("command.diff_results", stage=stage).message, [f"  {only}"]


def differences(first: Mapping[str, Any], second: Mapping[str, Any]) -> list[str]:
    """`key: old -> new` for every leaf that differs, with the change of numbers in brackets."""
    left, right = dict(leaves(first)), dict(leaves(second))
    missing = object()
    rows = []
    for key in sorted(left.keys() | right.keys()):
        old, new = left.get(key, missing), right.get(key, missing)
        if old != new:
            change = _change(old, new)
            rows.append(f"  {key}: {'-' if old is missing else old} -> {'-' if new is missing else new}{change}")
    return rows


def leaves(values: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Dotted key and value of every leaf."""
    for key, value in values.items():
        if isinstance(value, Mapping):
            yield from leaves(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def _change(old: object, new: object) -> str:
    numbers = all(isinstance(value, int | float) and not isinstance(value, bool) for value in (old, new))
    return f"  ({float(new) - float(old):+.6g})" if numbers else ""  # type: ignore[arg-type]


def _document(folder: Path, name: str) -> dict[str, Any]:
    file = folder / f"{name}.json"
    if not file.is_file():
        return {}
    content = dict(read_json(file))
    if name == "config":
        content = dict(content.get("values", content))
        return {key: value for key, value in content.items() if key not in LEFT_OUT}
    return content
