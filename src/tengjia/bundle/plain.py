"""What a config inside a bundle may say: names and plain values, nothing that leads anywhere else.

A bundle may come from a stranger. Its configs are JSON of bounded size and depth; no key or value in them is a
callable, a path that leaves the bundle, a URL, an environment variable or a resolver.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any, Final

from tengjia.errors import CheckpointError

_KEY: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_./-]{0,127}\Z")
_LEADS_AWAY: Final = re.compile(r"\$\{|\$\(|://|^~|^[A-Za-z]:[\\/]|^[\\/]|(^|[\\/])\.\.([\\/]|$)|[\x00-\x08\x0b-\x1f]")
_DEEPEST: Final = 12
_LONGEST: Final = 4096
_LARGEST_INTEGER: Final = 2**53


def parse_json(content: bytes, file: object) -> Any:
    """The value of a JSON document.

    Raises:
        CheckpointError: It is not JSON, not UTF-8, nested without end, or repeats a key.
    """
    try:
        return json.loads(content.decode("utf-8"), object_pairs_hook=_unique)
    except (ValueError, RecursionError) as error:
        raise CheckpointError("bundle.bad_json", file=file, found=str(error)[:200]) from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return result


def check_plain(value: Any, file: object, key: str = "", depth: int = 0) -> None:
    """Refuse what a config in a bundle may not say.

    Args:
        value: What was read.
        file: Where it stands.
        key: Dotted key of the value.
        depth: How deep in the whole it stands.

    Raises:
        CheckpointError: A key or a value is not plain.
    """
    if depth > _DEEPEST:
        raise CheckpointError("bundle.not_plain", file=file, key=key[:200], found=f"deeper than {_DEEPEST} levels")
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if not isinstance(name, str) or not _is_name(name):
                raise CheckpointError("bundle.not_plain", file=file, key=key, found=str(name)[:200])
            check_plain(inner, file, f"{key}.{name}" if key else name, depth + 1)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            check_plain(inner, file, f"{key}.{number}", depth + 1)
    elif not _is_plain(value):
        raise CheckpointError("bundle.not_plain", file=file, key=key, found=str(value)[:200])


def _is_name(key: str) -> bool:
    return bool(_KEY.match(key)) and ".." not in key


def _is_plain(value: Any) -> bool:
    if isinstance(value, str):
        return len(value) <= _LONGEST and not _LEADS_AWAY.search(value)
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, int):
        return abs(value) <= _LARGEST_INTEGER
    return value is None


def without_places(value: Any, depth: int = 0) -> Any:
    """The same config as one that a bundle may hold: every path is cut to its last part.

    Args:
        value: A config as a run keeps it; keys that end in `_root` are left out. A mapping whose keys are no names
            (regular expressions, say) becomes a list of pairs.
        depth: How deep in the whole the value stands.
    """
    if isinstance(value, Mapping | list | tuple) and depth >= _DEEPEST:
        return _last_part(str(value))
    if isinstance(value, Mapping):
        kept = {str(key): inner for key, inner in value.items() if not str(key).endswith("_root")}
        if all(map(_is_name, kept)):
            return {key: without_places(inner, depth + 1) for key, inner in kept.items()}
        return [without_places(pair, depth + 1) for pair in kept.items()]
    if isinstance(value, list | tuple):
        return [without_places(inner, depth + 1) for inner in value]
    return value if _is_plain(value) else _last_part(str(value))


def _last_part(value: str) -> str:
    kind = PureWindowsPath if "\\" in value else PurePosixPath
    name = re.sub(r"[^\w.()\- ]", "_", kind(value[-_LONGEST:]).name)[:200]
    return name if name not in {"", ".", ".."} else "_"
