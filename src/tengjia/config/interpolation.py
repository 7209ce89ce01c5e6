"""References in values: `${dataset_root}/ner`. Only references to other keys; no resolver but `oc.env` in secrets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

ENVIRONMENT: Final = re.compile(r"\$\{oc\.env:[A-Za-z_][A-Za-z0-9_]*\}\Z")
"""The one form of resolver that a secret may have, and it must be the whole value."""
_START: Final = re.compile(r"(\\*)\$\{")
_KEY: Final = re.compile(r"\$\{([A-Za-z_][\w.]*)\}")


def is_interpolated(value: Any) -> bool:
    """Whether a text refers to something (an escaped `\\${` does not)."""
    return isinstance(value, str) and any(len(match[1]) % 2 == 0 for match in _START.finditer(value))


def resolver_in(text: str) -> str | None:
    """The first `${name:...}` in a text; `None` when it has plain references only.

    Deliberately coarse: any colon between `${` and its end counts, whatever stands around it.
    """
    for match in _START.finditer(text):
        if len(match[1]) % 2:
            continue
        depth, end = 0, len(text)
        for position in range(match.end() - 1, len(text)):
            depth += (text[position] == "{") - (text[position] == "}")
            if depth == 0:
                end = position + 1
                break
        inside = text[match.end() - 2 : end]
        if ":" in inside:
            return inside
    return None


def texts_in(value: Any) -> Iterator[str]:
    """Every text in a nested value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from texts_in(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from texts_in(item)


def resolved(value: Any, known: Mapping[str, Any], depth: int = 8) -> Any:
    """A value with its plain references replaced, as far as `known` (full key -> value) tells them.

    For checks that come before composing; OmegaConf resolves for good.
    """
    if not is_interpolated(value) or depth == 0:
        return value
    whole = _KEY.fullmatch(value)
    if whole and whole[1] in known:
        return resolved(known[whole[1]], known, depth - 1)

    def replaced(match: re.Match[str]) -> str:
        found = known.get(match[1])
        return match[0] if found is None or isinstance(found, list | dict) else str(found)

    changed = _KEY.sub(replaced, value)
    return changed if changed == value else resolved(changed, known, depth - 1)
