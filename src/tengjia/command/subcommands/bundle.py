"""`tengjia bundle show|verify|export`: what a bundle is, whether it is sound, and a form of it for others."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tengjia.messages import text

if TYPE_CHECKING:
    from tengjia.bundle.summary import Summary

RUN_FILE: Final = "run.json"
MOST_DIFFERENCES: Final = 5
FORMATS: Final = ("onnx",)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    _action(actions, "show")
    verifying = _action(actions, "verify")
    _asking(verifying)
    verifying.add_argument("--tolerance", type=float, default=1e-3, metavar="X", help=_word("help_tolerance"))
    verifying.add_argument("--device", default="cpu", help=_word("help_device"))
    exporting = _action(actions, "export")
    exporting.add_argument("--to", nargs=2, required=True, metavar=("FORMAT", "DIR"), help=_word("help_to"))
    exporting.add_argument("--int8", action="store_true", help=_word("help_int8"))
    exporting.add_argument("--opset", type=int, default=18, metavar="N", help=_word("help_opset"))
    exporting.add_argument("--tolerance", type=float, metavar="X", help=_word("help_score"))
    _asking(exporting)


def _action(actions: Any, name: str) -> argparse.ArgumentParser:
    """An action on one bundle."""
    words = _word(f"help_{name}")
    parser: argparse.ArgumentParser = actions.add_parser(name, help=words, description=words)
    parser.add_argument("folder", nargs="?", default="latest", metavar="FOLDER|RUN", help=_word("help_folder"))
    parser.add_argument("--app", help=_word("help_app"))
    parser.add_argument("--task", help=_word("help_task"))
    parser.add_argument("--json", action="store_true", help=_word("help_json"))
    return parser


def _asking(parser: argparse.ArgumentParser) -> None:
    """What an action needs that asks the model."""
    parser.add_argument("--trust-code", action="store_true", help=_word("help_trust"))


def run(arguments: argparse.Namespace) -> int:
    """Do the one action that was asked for."""
    actions: dict[str, Callable[[argparse.Namespace], int]] = {"show": _show, "verify": _verify, "export": _export}
    return actions[arguments.action](arguments)


def folder_of(found: str, app: str | None = None, task: str | None = None) -> Path:
    """The bundle that a folder or a run means.

    Args:
        found: Folder of a bundle or of a run, or within a project `latest`, `best` or the name of a run.
        app: Application of the run; `None`: that of the project.
        task: Task of the run; `None`: that of the project.

    Raises:
        CheckpointError: There is no such thing.
    """
    from tengjia.command.project import find_root
    from tengjia.command.roots import run_parent
    from tengjia.errors import CheckpointError, ConfigurationError
    from tengjia.runs import select_run

    folder = Path(found)
    if folder.is_dir():
        return folder / "bundle" if (folder / RUN_FILE).is_file() else folder
    try:
        root = find_root()
    except ConfigurationError:
        raise CheckpointError("exporting.no_bundle", found=found) from None
    return select_run(run_parent(root, app, task), found).bundle


def _asked(arguments: argparse.Namespace) -> Path:
    """The bundle that is meant; modules of its own that the project around has too need no further trust."""
    from tengjia.command.modules import use_scope
    from tengjia.command.project import PROJECT_FILE, make_importable
    from tengjia.utilities.files import read_json

    folder = folder_of(arguments.folder, arguments.app, arguments.task)
    run = folder.parent / RUN_FILE
    about = read_json(run) if run.is_file() else {}
    root = use_scope(str(about.get("app", "")), str(about.get("task", "")))
    if (root / PROJECT_FILE).is_file():  # its pipelines import one another
        make_importable(root)
    return folder


def _show(arguments: argparse.Namespace) -> int:
    from tengjia.bundle.folder import CARD, Bundle
    from tengjia.bundle.summary import summarise
    from tengjia.exporting.folder import Exported, is_export

    folder = folder_of(arguments.folder, arguments.app, arguments.task)
    if is_export(folder):
        exported = Exported.open(folder)
        shown = as_json(exported.config) if arguments.json else exported.read(CARD).decode("utf-8", "replace")
        print("\n".join(map(printable, shown.splitlines())))
        return 0
    summary = summarise(Bundle.open(folder))
    print(as_json(summary.plain()) if arguments.json else card(summary))
    return 0


def card(summary: Summary) -> str:
    """The card, for a terminal."""
    blocks = [_rows([(_word(name), value) for name, value in _facts(summary)])]
    for title, rows in (
        ("scores", [(name, f"{value:.4f}") for name, value in summary.metrics.items()]),
        ("data", list(_flat(summary.data).items())),
        ("modules", [(f"{kind}/{values['name']}", _parameters(values)) for kind, values in summary.modules.items()]),
        ("files", [(path, size(count)) for path, count in summary.files.items()]),
    ):
        blocks.append(f"{_word(title)}\n" + (_rows(rows, "  ") if rows else f"  {_word('none')}"))
    return "\n\n".join(blocks)


def _labels(summary: Summary) -> str:
    named = ", ".join(summary.labels) or _word("none")
    if not summary.scheme:
        return named
    return text("exporting.labels_in", labels=named, scheme=summary.scheme).message


def _facts(summary: Summary) -> list[tuple[str, str]]:
    golden = text("exporting.golden_of", count=summary.golden, source=summary.golden_source).message
    code = text("exporting.code_inside", found=", ".join(summary.own_code)).message
    return [
        ("folder", str(summary.folder)),
        ("digest", summary.digest),
        ("base_task", summary.base_task),
        ("run", summary.run or "-"),
        ("version", summary.tengjia or "-"),
        ("weights", f"{summary.parameters:,}"),
        ("labels", _labels(summary)),
        ("golden", golden if summary.golden else _word("none")),
        ("raw_text", _word("raw_text_inside" if summary.raw_text else "no_raw_text")),
        ("own_code", code if summary.own_code else _word("none")),
        ("size", text("exporting.size_of", size=size(summary.size), count=len(summary.files)).message),
    ]


def _verify(arguments: argparse.Namespace) -> int:
    from tengjia.errors import CheckpointError
    from tengjia.exporting.verification import verify_bundle

    done = verify_bundle(
        _asked(arguments),
        tolerance=arguments.tolerance,
        device=arguments.device,
        trust_code=arguments.trust_code,
    )
    if arguments.json:
        print(as_json(asdict(done) | {"folder": str(done.folder)}))
        return CheckpointError.exit_code if done.differences else 0
    print(text("exporting.files_right", count=done.files, size=size(done.size)).message)
    if done.differences:
        _tell(done.differences)
        found = printable(str(done.differences[0].text)[:60])
        raise CheckpointError("bundle.golden_differs", file=done.folder, count=len(done.differences), found=found)
    code = "exporting.golden_right" if done.golden else "exporting.no_golden"
    print(text(code, count=done.golden).message)
    return 0


def _export(arguments: argparse.Namespace) -> int:
    from tengjia.errors import ConfigurationError
    from tengjia.exporting.export import export_bundle

    form, target = arguments.to
    if form not in FORMATS:
        raise ConfigurationError("exporting.format", key="--to", found=form, allowed=", ".join(FORMATS))
    done = export_bundle(
        _asked(arguments),
        Path(target),
        int8=arguments.int8,
        opset=arguments.opset,
        tolerance=arguments.tolerance,
        trust_code=arguments.trust_code,
    )
    if arguments.json:
        print(as_json(asdict(done) | {"folder": str(done.folder)}))
        return 0
    sizes = {"size": size(done.size), "before": size(done.size_before)}
    print(text("exporting.written", folder=done.folder, precision=done.precision, opset=done.opset, **sizes).message)
    for what, found in (("on_golden", done.passage.golden), ("on_long", done.passage.long)):
        figures = {name: getattr(found, name) for name in ("texts", "entities", "largest", "mean", "statuses")}
        print(text("exporting.parity", what=_word(what), count=len(found.disagreements), **figures).message)
    timing = done.passage.timing
    print(text("exporting.speed", before=timing.before * 1000, after=timing.after * 1000).message)
    return 0


def _tell(differences: Sequence[Any]) -> None:
    for number, question, how in differences[:MOST_DIFFERENCES]:
        print(f"{number}: {printable(question[:60])}\n    {printable(how)}", file=sys.stderr)


def _word(name: str) -> str:
    return text(f"exporting.{name}").message


def _rows(rows: Sequence[tuple[str, str]], indent: str = "") -> str:
    from tengjia.reports.terminal import padded, width

    left = max(width(name) for name, _ in rows)
    return "\n".join(
        f"{indent}{padded(printable(name), left)}  {printable(str(value))}".rstrip() for name, value in rows
    )


def _flat(values: Any, prefix: str = "") -> dict[str, Any]:
    """`{"counts": {"train": 3}}` as `{"counts.train": 3}`."""
    flat: dict[str, Any] = {}
    for key, value in values.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{prefix}{key}.")
        else:
            flat[f"{prefix}{key}"] = ", ".join(map(str, value)) if isinstance(value, list) else value
    return flat


def _parameters(values: Any) -> str:
    return " ".join(f"{key}={json.dumps(value, ensure_ascii=False)}" for key, value in values.items() if key != "name")


def printable(found: str) -> str:
    """Text of a bundle, unable to steer the terminal."""
    from tengjia.reports.terminal import printable as visible

    return visible(found)


def size(count: float) -> str:
    """Bytes for people."""
    for unit in ("B", "KB", "MB"):
        if count < 1000:
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.1f} GB"


def as_json(values: Any) -> str:
    """Readable JSON."""
    return json.dumps(values, ensure_ascii=False, indent=2)
