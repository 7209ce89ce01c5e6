"""What a config can hold, and how it stands in JSON so that exactly the same comes back.

Plain values and lists stand as they are. The rest of what is allowed is an object with one reserved key (`__tuple__`,
`__set__`, `__frozenset__`, `__float__`, `__dict__`), so a dictionary with odd keys, or with keys that look reserved,
is written as pairs and can never be taken for anything else.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable
from typing import Any, Final

from tengjia.errors import CheckpointError, ConfigurationError

_RESERVED: Final = re.compile(r"__.*__\Z", re.DOTALL)
_ALLOWED: Final = "str, int, float, bool, None, list, tuple, set, dict, and objects of ConfigMixin classes"
_DEEPEST: Final = 50

Special = Callable[[Any, str], Any]
"""Writes what is no ordinary value, given with its place (`layers.0`), or returns `NotImplemented`."""


def is_reserved(name: str) -> bool:
    """Whether a key has a meaning of its own in a config."""
    return bool(_RESERVED.match(name))


def encode(value: Any, place: str, special: Special, depth: int = 0) -> Any:
    """A value as JSON.

    Args:
        value: What an argument was.
        place: Where it stands, for messages and folders: `layers.0`.
        special: Writes objects.
        depth: How deep in the whole it stands.

    Raises:
        ConfigurationError: It is nothing that a config can hold.
    """
    if depth > _DEEPEST:
        raise ConfigurationError("pretrained.too_deep", key=place[:200], limit=_DEEPEST)
    kind = type(value)
    if value is None or kind in (bool, int):
        return value
    if kind is str:
        return _text(value, place)
    if kind is float:
        return value if math.isfinite(value) else {"__float__": str(value)}
    if kind in (list, tuple):
        items = [encode(inner, f"{place}.{number}", special, depth + 1) for number, inner in enumerate(value)]
        return items if kind is list else {"__tuple__": items}
    if kind in (set, frozenset):
        items = [encode(inner, place, special, depth + 1) for inner in value]
        return {f"__{kind.__name__}__": sorted(items, key=lambda item: json.dumps(item, sort_keys=True))}
    if kind is dict:
        return _dictionary(value, place, special, depth)
    written = special(value, place)
    if written is NotImplemented:
        name = f"{kind.__module__}.{kind.__qualname__}"
        raise ConfigurationError("pretrained.bad_value", key=place, found=name, allowed=_ALLOWED)
    return written


def _text(value: str, place: str) -> str:
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        raise ConfigurationError("pretrained.bad_text", key=place, found=ascii(value)[:100]) from None
    return value


def _dictionary(value: dict[Any, Any], place: str, special: Special, depth: int) -> Any:
    if all(type(key) is str and not is_reserved(key) for key in value):
        return {_text(key, place): encode(inner, f"{place}.{key}", special, depth + 1) for key, inner in value.items()}
    pairs = [
        [encode(key, place, special, depth + 1), encode(inner, f"{place}.{key}", special, depth + 1)]
        for key, inner in value.items()
    ]
    return {"__dict__": pairs}


def decode(value: Any, build: Callable[[dict[str, Any]], Any]) -> Any:
    """The value that `encode` wrote.

    Args:
        value: From JSON.
        build: Makes what an object with other reserved keys stands for.

    Raises:
        CheckpointError: It is none that `encode` writes.
    """
    if isinstance(value, list):
        return [decode(inner, build) for inner in value]
    if not isinstance(value, dict):
        return value
    reserved = sorted(key for key in value if is_reserved(key))
    if not reserved:
        return {key: decode(inner, build) for key, inner in value.items()}
    if len(value) > 1 or reserved[0] not in _READ:
        return build(value)
    inner = decode(value[reserved[0]], build)
    try:
        return _READ[reserved[0]](inner)
    except (TypeError, ValueError) as error:
        raise CheckpointError("pretrained.bad_config", key=reserved[0], found=str(error)[:200]) from None


def _items(kind: Callable[[Iterable[Any]], Any]) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        if not isinstance(value, list):
            raise TypeError(f"{type(value).__name__}, not a list")
        return kind(value)

    return read


def _float(value: Any) -> float:
    if value not in ("nan", "inf", "-inf"):
        raise ValueError(repr(value))
    return float(value)


_READ: Final[dict[str, Callable[[Any], Any]]] = {
    "__tuple__": _items(tuple),
    "__set__": _items(set),
    "__frozenset__": _items(frozenset),
    "__dict__": _items(dict),
    "__float__": _float,
}
