"""The effective config of a run, as the program sees it: nested, read-only, plain values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


class Settings(Mapping[str, Any]):
    """A mapping whose keys are attributes too: `config.optimizer.lr` is `config["optimizer"]["lr"]`.

    Args:
        values: Nested mappings, lists and scalars, all interpolations resolved.
    """

    __slots__ = ("_values",)
    _values: dict[str, Any]

    def __init__(self, values: Mapping[str, Any]) -> None:
        object.__setattr__(self, "_values", {str(key): _frozen(value) for key, value in values.items()})

    def __getitem__(self, key: str) -> Any:
        return self._values[key]

    def __getattr__(self, key: str) -> Any:
        try:
            return self._values[key]
        except KeyError:
            raise AttributeError(f"no setting `{key}`; there are: {', '.join(self._values)}") from None

    def __setattr__(self, key: str, value: Any) -> None:
        raise AttributeError("settings are read-only: set values in YAML or on the command line")

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"Settings({self._values!r})"

    def __reduce__(self) -> tuple[Any, ...]:
        return Settings, (self.plain(),)

    def plain(self) -> dict[str, Any]:
        """The values as ordinary dictionaries and lists, ready for JSON."""
        return {key: _thawed(value) for key, value in self._values.items()}


def _frozen(value: Any) -> Any:
    if isinstance(value, Mapping):
        return Settings(value)
    if isinstance(value, list | tuple):
        return tuple(map(_frozen, value))
    return value


def _thawed(value: Any) -> Any:
    if isinstance(value, Settings):
        return value.plain()
    if isinstance(value, tuple):
        return [_thawed(item) for item in value]
    return value
