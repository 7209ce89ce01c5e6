"""Makes a `ConfigMixin` class of one that is none: `Model = wrap_config_mixin(Model)`, or as a decorator."""

from __future__ import annotations

import functools
import sys
from typing import Any, Final, TypeVar

from tengjia.errors import ConfigurationError
from tengjia.pretrained.mixins import ConfigMixin
from tengjia.pretrained.recording import is_recorded, save_config

Kind = TypeVar("Kind", bound=type)
_wrapped: Final[dict[type, type[ConfigMixin]]] = {}


def wrap_config_mixin(kind: Kind) -> Kind:
    """The class with a recorded constructor, `save_pretrained` and the rest.

    It bears the name of the original and takes its place: what is loaded is of exactly this class. The original stays
    as it is; one class is wrapped only once, and one that needs no wrapping is given back.

    Raises:
        ConfigurationError: This is no class.
    """
    if not isinstance(kind, type):
        raise ConfigurationError("pretrained.not_a_class", found=repr(kind)[:200])
    if issubclass(kind, ConfigMixin) and (is_recorded(kind) or kind.__init__ is object.__init__):
        return kind
    if kind not in _wrapped:
        _wrapped[kind] = _wrap(kind)
    return _wrapped[kind]  # type: ignore[return-value]


def _wrap(kind: type) -> type[ConfigMixin]:
    bases = (kind,) if issubclass(kind, ConfigMixin) else (kind, ConfigMixin)
    names: dict[str, Any] = {
        "__module__": kind.__module__,
        "__qualname__": kind.__qualname__,
        "__doc__": kind.__doc__,
    }
    if kind.__init__ is not object.__init__:  # type: ignore[misc]
        names["__init__"] = save_config(_constructor(kind))
    wrapped: type[ConfigMixin] = type(kind)(kind.__name__, bases, names)
    wrapped.__reduce_ex__ = _reducer(kind, wrapped)  # type: ignore[method-assign]
    return wrapped


def _constructor(kind: type) -> Any:
    @functools.wraps(kind.__init__)  # type: ignore[misc]
    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:
        kind.__init__(self, *args, **kwargs)  # type: ignore[misc]

    __init__.__name__ = "__init__"
    return __init__


def _reducer(original: type, wrapped: Any) -> Any:
    """How copies and pickles are made: where the name of the class still leads to the original, by way of that."""

    def __reduce_ex__(self: Any, protocol: Any) -> Any:
        reduced = super(wrapped, self).__reduce_ex__(protocol)
        if type(self) is not wrapped or _named(original) is not original or not isinstance(reduced, tuple):
            return reduced
        made, arguments, *rest = reduced
        if made is wrapped:
            return (_called, (original, *arguments), *rest)
        if made.__name__ not in {"__newobj__", "__newobj_ex__"}:
            return reduced
        _, *given = arguments
        positional, keywords = given if made.__name__ == "__newobj_ex__" else (tuple(given), {})
        return (_made, (original, positional, keywords), *rest)

    return __reduce_ex__


def _called(original: type, *arguments: Any) -> Any:
    return wrap_config_mixin(original)(*arguments)


def _made(original: type, positional: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    kind: Any = wrap_config_mixin(original)
    return kind.__new__(kind, *positional, **keywords)


def _named(kind: type) -> Any:
    """What the module of a class has under its name."""
    found: Any = sys.modules.get(kind.__module__)
    for part in kind.__qualname__.split("."):
        found = getattr(found, part, None)
    return found
