"""`tengjia`: look, check, explain, prove; everything that is not running a stage."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence
from typing import Final

from tengjia import __version__
from tengjia.command.encodings import in_utf8, speak_to_any_terminal
from tengjia.command.exits import told
from tengjia.command.parsing import speak
from tengjia.errors import ConfigurationError
from tengjia.messages import text

SUBCOMMANDS: Final = (
    "list",
    "show",
    "copy",
    "startproject",
    "startapp",
    "starttask",
    "startmodule",
    "check",
    "explain",
    "doctor",
    "diff",
    "verify-resume",
    "cache",
    "data",
    "store",
    "bundle",
    "completion",
)
"""In the order of `tengjia --help`; `verify-resume` stands in `subcommands/verify_resume.py`."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point of the console script.

    Args:
        arguments: Command line without the program's name; `sys.argv` when not given.

    Returns:
        Exit code: 0, or that of the error that was told.
    """
    if arguments is None:
        in_utf8()
    words = list(sys.argv[1:] if arguments is None else arguments)
    debug = "--debug" in words
    speak()
    speak_to_any_terminal()
    wanted = next((word for word in words if not word.startswith("-")), None)
    if wanted is not None and wanted not in SUBCOMMANDS:
        return told(lambda: _unknown(wanted))
    chosen = _parser(words).parse_args([word for word in words if word != "--debug"])
    if chosen.subcommand is None:
        _parser([]).print_help()
        return 0
    return told(lambda: int(_module(chosen.subcommand).run(chosen)), debug=debug)


def _unknown(found: str) -> int:
    from tengjia.utilities.suggestions import suggestions

    near = suggestions(found, SUBCOMMANDS)
    raise ConfigurationError("command.unknown", found=found, nearest=near, allowed=", ".join(SUBCOMMANDS))


def _parser(words: Sequence[str]) -> argparse.ArgumentParser:
    about = text("command.tengjia")
    parser = argparse.ArgumentParser(prog="tengjia", description=about.message, epilog=about.hint)
    parser.add_argument("--debug", action="store_true", help=text("command.debug").message)
    parser.add_argument(
        "--version", action="version", version=f"tengjia {__version__}", help=text("command.version").message
    )
    inner = parser.add_subparsers(dest="subcommand", metavar="COMMAND")
    wanted = next((word for word in words if not word.startswith("-")), None)
    for name in SUBCOMMANDS:
        words_of = text(f"command.{name.replace('-', '_')}")
        child = inner.add_parser(
            name,
            help=words_of.message,
            description=words_of.message,
            epilog=words_of.hint,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        if name == wanted:  # the others are not imported: `--help` stays quick
            _module(name).arguments(child)
    return parser


def _module(name: str):  # type: ignore[no-untyped-def]  # a module with `arguments` and `run`
    return importlib.import_module(f"tengjia.command.subcommands.{name.replace('-', '_')}")


if __name__ == "__main__":
    sys.exit(main())
