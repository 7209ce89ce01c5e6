"""Constructors that remember what they were given: `@save_config`.

The record is that of the object's own class: where one recorded constructor calls another, the outermost counts, and a
class that brings an unrecorded constructor has no record. Values are kept as they are, not copied: what is changed in
them later is what will be saved.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeVar

from tengjia.errors import ConfigurationError
from tengjia.pretrained.markers import IGNORE, SUB_FOLDER, marked
from tengjia.pretrained.values import encode, is_reserved

if TYPE_CHECKING:
    from tengjia.pretrained.mixins import ConfigMixin

Constructor = TypeVar("Constructor", bound=Callable[..., None])
_RECORD: Final = "_tengjia_record"
_OPEN: Final = "_tengjia_recording"


@dataclass(frozen=True)
class Record:
    """What an object was made from."""

    arguments: Mapping[str, Any] = field(default_factory=dict)
    """Named parameters with their values, defaults included; those marked `Ignore` are left out."""

    positional: tuple[Any, ...] = ()
    """What `*args` took."""

    keywords: Mapping[str, Any] = field(default_factory=dict)
    """What `**kwargs` took."""

    folders: frozenset[str] = frozenset()
    """Parameters marked `SubFolder`."""


def save_config(constructor: Constructor) -> Constructor:
    """Decorator of `__init__` of a `ConfigMixin` class: its arguments are recorded, to be saved and loaded.

    Raises:
        ConfigurationError: The function is no constructor, or a parameter bears a reserved name. When called: the
            object is of no `ConfigMixin` class, or a value is nothing that a config can hold.
    """
    if constructor.__name__ != "__init__":
        raise ConfigurationError("pretrained.not_a_constructor", found=constructor.__qualname__)
    for name in inspect.signature(constructor).parameters:
        if is_reserved(name):
            raise ConfigurationError("pretrained.reserved_name", found=name)

    @functools.wraps(constructor)
    def recorded(self: Any, *args: Any, **kwargs: Any) -> None:
        from tengjia.pretrained.mixins import ConfigMixin

        if not isinstance(self, ConfigMixin):
            raise ConfigurationError("pretrained.not_a_mixin", found=type(self).__qualname__)
        if self.__dict__.get(_OPEN) or not _constructs(type(self), recorded):
            constructor(self, *args, **kwargs)
            return
        self.__dict__[_OPEN] = True
        try:
            record(self, _bound(constructor, self, args, kwargs))
            constructor(self, *args, **kwargs)
        finally:
            self.__dict__.pop(_OPEN, None)

    recorded.__signature__ = inspect.signature(constructor)  # type: ignore[attr-defined]
    recorded.__tengjia_recorded__ = True  # type: ignore[attr-defined]
    return recorded  # type: ignore[return-value]


def record(instance: ConfigMixin, made: Record | None) -> None:
    """Keep what an object was made from; `None` where the call cannot succeed."""
    if made is not None:
        # Past `__setattr__`, which frozen classes and torch modules have of their own.
        instance.__dict__[_RECORD] = made


def record_of(instance: ConfigMixin) -> Record:
    """What an object was made from.

    Raises:
        ConfigurationError: The constructor of its class is not recorded.
    """
    found = instance.__dict__.get(_RECORD)
    if isinstance(found, Record):
        return found
    if type(instance).__init__ is object.__init__:
        return Record()  # a class without a constructor needs nothing
    raise ConfigurationError("pretrained.not_recorded", found=type(instance).__qualname__)


def is_recorded(kind: type) -> bool:
    """Whether the constructor of a class records."""
    return any(getattr(layer, "__tengjia_recorded__", False) for layer in _layers(kind.__init__))  # type: ignore[misc]


def _constructs(kind: type, recorded: Callable[..., Any]) -> bool:
    """Whether a function, perhaps under further decorators, is the constructor of a class itself."""
    return any(layer is recorded for layer in _layers(kind.__init__))  # type: ignore[misc]


def _layers(function: Any) -> list[Any]:
    layers = []
    while function is not None:
        layers.append(function)
        function = getattr(function, "__wrapped__", None)
    return layers


def _bound(constructor: Callable[..., Any], instance: Any, args: Any, kwargs: Any) -> Record | None:
    signature = inspect.signature(constructor)
    try:
        bound = signature.bind(instance, *args, **kwargs)
    except TypeError:
        return None  # the call itself will say it, in Python's own words
    bound.apply_defaults()
    ignored, (_own, *parameters) = marked(constructor, IGNORE), signature.parameters.values()
    arguments: dict[str, Any] = {}
    positional: tuple[Any, ...] = ()
    keywords: dict[str, Any] = {}
    for parameter in parameters:
        value = bound.arguments[parameter.name]
        if parameter.name in ignored:
            continue
        if parameter.kind is parameter.VAR_POSITIONAL:
            positional = tuple(value)
        elif parameter.kind is parameter.VAR_KEYWORD:
            keywords = dict(value)
        else:
            arguments[parameter.name] = value
    made = Record(arguments, positional, keywords, marked(constructor, SUB_FOLDER))
    check(made)
    return made


def check(made: Record) -> None:
    """Refuse what no config can hold, at once and not when it is to be saved.

    Raises:
        ConfigurationError: A value is of another kind.
    """
    from tengjia.pretrained.mixins import ConfigMixin

    def known(value: Any, place: str) -> Any:
        return {} if isinstance(value, ConfigMixin) else NotImplemented

    for name, value in [*made.arguments.items(), *made.keywords.items()]:
        encode(value, name, known)
    for number, value in enumerate(made.positional):
        encode(value, f"*{number}", known)
