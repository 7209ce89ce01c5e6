"""`tengjia store ls|push|pull|publish|alias|...`: the model store on the command line."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from tengjia.messages import text

if TYPE_CHECKING:
    from tengjia.store import Store

Argument = tuple[tuple[str, ...], dict[str, object]]
_MODEL: Final[Argument] = (("model",), {"metavar": "MODEL"})
_VERSION: Final[Argument] = (("version",), {"metavar": "VERSION"})
_LATEST: Final[Argument] = (("version",), {"metavar": "VERSION", "nargs": "?", "default": "latest"})
_JSON: Final[Argument] = (("--json",), {"action": "store_true", "help": "store_help.json"})
_RAW_TEXT: Final[Argument] = (("--raw-text",), {"action": "store_true", "help": "store_help.raw_text"})

ACTIONS: Final[dict[str, list[Argument]]] = {
    "ls": [(("model",), {"metavar": "MODEL", "nargs": "?"}), _JSON],
    "show": [_MODEL, _LATEST, _JSON],
    "push": [
        _MODEL,
        _VERSION,
        (("source",), {"metavar": "FOLDER"}),
        (("--exclude",), {"action": "append", "default": [], "metavar": "PATTERN", "help": "store_help.exclude"}),
        (("--note",), {"metavar": "TEXT", "help": "store_help.with_note"}),
        (("--publish",), {"action": "store_true", "help": "store_help.publish_too"}),
        (("--alias",), {"metavar": "ALIAS", "help": "store_help.alias_too"}),
        _RAW_TEXT,
    ],
    "pull": [
        _MODEL,
        _VERSION,
        (("folder",), {"metavar": "FOLDER"}),
        (("--replace",), {"action": "store_true", "help": "store_help.replace"}),
    ],
    "publish": [_MODEL, _VERSION],
    "alias": [
        _MODEL,
        (("alias",), {"metavar": "ALIAS"}),
        (("version",), {"metavar": "VERSION", "nargs": "?"}),
        (("--remove",), {"action": "store_true", "help": "store_help.alias_remove"}),
    ],
    "tag": [
        _MODEL,
        _VERSION,
        (("--add",), {"action": "append", "default": [], "metavar": "TAG"}),
        (("--remove",), {"action": "append", "default": [], "metavar": "TAG"}),
    ],
    "note": [_MODEL, _VERSION, (("note",), {"metavar": "TEXT"})],
    "diff": [_MODEL, (("first",), {"metavar": "VERSION"}), (("second",), {"metavar": "VERSION"})],
    "log": [_MODEL, _JSON],
    "remove": [
        _MODEL,
        _VERSION,
        (("--even-published",), {"action": "store_true", "help": "store_help.even_published"}),
    ],
    "visibility": [_MODEL, (("visibility",), {"choices": ("public", "private")}), _RAW_TEXT],
    "quota": [_MODEL, (("quota",), {"metavar": "GIB", "type": float, "nargs": "?", "help": "store_help.quota_gib"})],
    "verify": [
        (("model",), {"metavar": "MODEL", "nargs": "?"}),
        (("--quick",), {"action": "store_true", "help": "store_help.quick"}),
    ],
    "gc": [(("--dry-run",), {"action": "store_true", "help": "store_help.dry_run"})],
    "token": [
        (("verb",), {"choices": ("ls", "add", "remove")}),
        (("id",), {"metavar": "ID", "nargs": "?"}),
        (("--scope",), {"choices": ("read", "write", "publish", "admin"), "default": "read"}),
        (("--model",), {"action": "append", "metavar": "PATTERN", "help": "store_help.token_model"}),
        (("--days",), {"type": float, "metavar": "DAYS", "help": "store_help.token_days"}),
        (("--note",), {"default": "", "metavar": "TEXT", "help": "store_help.token_note"}),
    ],
    "serve": [
        (("--host",), {"default": "127.0.0.1", "help": "store_help.host"}),
        (("--port",), {"type": int, "default": 8443}),
        (("--certificate",), {"metavar": "FILE", "help": "store_help.certificate"}),
        (("--key",), {"metavar": "FILE", "help": "store_help.key"}),
        (("--insecure",), {"action": "store_true", "help": "store_help.insecure"}),
        (("--connections",), {"type": int, "default": 64, "help": "store_help.connections"}),
        (("--largest",), {"type": float, "metavar": "GIB", "default": 1024.0, "help": "store_help.largest"}),
    ],
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    place = argparse.ArgumentParser(add_help=False)
    help_place = text("store_help.place").message
    place.add_argument("--store", metavar="PLACE", default=argparse.SUPPRESS, help=help_place)
    parser.add_argument("--store", metavar="PLACE", help=help_place)
    inner = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    for name, declared in ACTIONS.items():
        about = _about(name)
        child = inner.add_parser(name, help=about, description=about, parents=[place])
        for names, options in declared:
            said = options.get("help")
            child.add_argument(*names, **{**options, **({"help": text(str(said)).message} if said else {})})  # type: ignore[arg-type]


def _about(action: str) -> str:
    return text(f"store_help.{action}").message


def run(arguments: argparse.Namespace) -> int:
    """Do the one action that was asked for."""
    from tengjia.command import store_actions
    from tengjia.store import Store

    action: Callable[[Store, argparse.Namespace], int] = getattr(store_actions, f"do_{arguments.action}")
    store = Store.open(arguments.store)
    try:
        return action(store, arguments)
    finally:
        store.close()
