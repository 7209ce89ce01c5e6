"""JSON rows from files that may be anything: parsed with every failure told, and looked up by key."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from tengjia.data.spans import BadRow, shown
from tengjia.utilities.nearest import nearest

Row = Mapping[str, Any] | Sequence[Any]
"""An object, or an array whose places are named by their numbers: `"0"`, `"1"`."""

_KINDS = {list: "an array", str: "a string", int: "a number", float: "a number", bool: "a boolean", type(None): "null"}


def parsed_row(line: str, *, arrays: bool = False) -> Row:
    """The object, or if that is allowed the array, that a line holds.

    Raises:
        BadRow: The line is no JSON (cut off, nested too deeply, numbers too long), or something else.
    """
    try:
        value = _loaded(line)
    except RecursionError:
        raise BadRow("data.bad_json", reason="it is nested too deeply") from None
    except ValueError as error:
        raise BadRow("data.bad_json", reason=str(error)[:200]) from None
    if isinstance(value, dict) or (arrays and isinstance(value, list)):
        return value
    raise BadRow("data.not_an_object", found=_KINDS[type(value)])


def _loaded(line: str) -> Any:
    try:
        value, end = _raw(line)  # without the blanks around it that `loads` looks for: nearly always there are none
    except ValueError:
        end = -1
    return value if end == len(line) else json.loads(line)


_raw = json.JSONDecoder().raw_decode
MISSING = object()
"""What `lookup` gives where there is no such key."""


def lookup(row: Row, key: str) -> Any:
    """The value of a key, or of a path of keys with dots (`data.text`); `MISSING` if there is none."""
    if type(row) is dict and key in row:  # nearly always, and quicker than to ask for any mapping
        return row[key]
    if not isinstance(row, Mapping):
        return row[int(key)] if key.isdecimal() and len(key) < 5 and int(key) < len(row) else MISSING
    if key in row:
        return row[key]
    head, dot, rest = key.partition(".")
    inner = row.get(head, MISSING)
    return lookup(inner, rest) if dot and isinstance(inner, dict) else MISSING


def required(row: Row, key: str, option: str) -> Any:
    """The value of a key that must be there.

    Raises:
        BadRow: It is not; the nearest keys are told.
    """
    value = lookup(row, key)
    if value is MISSING:
        raise BadRow("data.missing_key", **missing_key(row, key, option))
    return value


def missing_key(row: Row, key: str, option: str) -> dict[str, str]:
    """What the messages about a missing key name."""
    keys = list(row) if isinstance(row, Mapping) else [str(number) for number in range(len(row))]
    close = ", ".join(nearest(key, keys[:100])) or "-"
    return {"key_wanted": key, "found": shown(", ".join(keys[:20]), 200), "nearest": close, "option": option}


def extras(row: Row, keys: tuple[str, ...]) -> dict[str, str]:
    """Further values of a row as strings, by the last part of their keys; what is absent or null is left out."""
    found = {key: lookup(row, key) for key in keys}
    return {
        key: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for key, value in found.items()
        if value is not MISSING and value is not None
    }
