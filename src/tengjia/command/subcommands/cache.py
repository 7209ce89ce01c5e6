"""`tengjia cache ls|why|gc`: what preprocessing keeps, why it was made anew, and how to make room."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tengjia.errors import DataError
from tengjia.messages import text

if TYPE_CHECKING:
    from tengjia.data.cache import Cache, Entry

DAY: Final = 86_400
GIB: Final = 2**30


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    actions.add_parser("ls", help=text("command.cache_ls").message)
    why = actions.add_parser("why", help=text("command.cache_why").message)
    why.add_argument("entry", nargs="?", metavar="ENTRY", help=text("command.cache_entry").message)
    collecting = actions.add_parser("gc", help=text("command.cache_gc").message)
    collecting.add_argument("--older-than", type=float, metavar="DAYS", help=text("command.cache_days").message)
    collecting.add_argument("--larger-than", type=float, metavar="GIB", help=text("command.cache_size").message)
    collecting.add_argument("--dry-run", action="store_true", help=text("command.cache_dry").message)


def run(arguments: argparse.Namespace) -> int:
    """Do the one action that was asked for."""
    from tengjia.command.project import find_root
    from tengjia.command.roots import cache_folder
    from tengjia.data.cache import Cache

    actions: dict[str, Callable[[Cache, argparse.Namespace], None]] = {"ls": _list, "why": _why, "gc": _collect}
    actions[arguments.action](Cache(cache_folder(find_root())), arguments)
    return 0


def _list(cache: Cache, _arguments: argparse.Namespace) -> None:
    entries = cache.entries()
    if not entries:
        print(text("command.cache_empty", folder=cache.root).message)
    for entry in entries:
        print(_line(entry))


def _why(cache: Cache, arguments: argparse.Namespace) -> None:
    if arguments.entry is None and not cache.entries():
        print(text("command.cache_empty", folder=cache.root).message)
        return
    entry = _find(cache, arguments.entry)
    print(_line(entry))
    for reason in entry.reason:
        print(f"  {reason}")


def _collect(cache: Cache, arguments: argparse.Namespace) -> None:
    if arguments.older_than is None and arguments.larger_than is None:
        raise DataError("command.cache_no_limit")
    days, gibibytes = arguments.older_than, arguments.larger_than
    collect = partial(
        cache.collect,
        older_than=None if days is None else days * DAY,
        larger_than=None if gibibytes is None else int(gibibytes * GIB),
    )
    removed = collect(dry_run=True)  # told before they are gone
    for entry in removed:
        print(_line(entry))
    print(text("command.cache_freed", count=len(removed), size=_size(sum(entry.size for entry in removed))).message)
    if not arguments.dry_run:
        collect()


def _find(cache: Cache, name: str | None) -> Entry:
    entries = sorted(cache.entries(), key=lambda entry: -entry.created)
    for entry in entries:
        if name is None or entry.fingerprint.startswith(name):
            return entry
    known = ", ".join(entry.fingerprint[:8] for entry in entries) or "-"
    raise DataError("command.cache_unknown", found=name or "", folder=Path(cache.root), allowed=known)


def _line(entry: Entry) -> str:
    created, used = (time.strftime("%Y-%m-%d %H:%M", time.localtime(t)) for t in (entry.created, entry.used))
    return f"{entry.fingerprint[:8]}  {entry.kind:<10}  {_size(entry.size):>10}  {created}  ({used})"


def _size(count: float) -> str:
    for unit in ("B", "KiB", "MiB"):
        if count < 1024:
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1024
    return f"{count:.1f} GiB"
