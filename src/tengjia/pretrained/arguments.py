"""Methods whose arguments may come from a saved config: what is passed wins, then the config, then the default.

class Trainer(TrainerConfigMixin):
    @save_config
    def __init__(self, train_config: SubFolder = None):
        self.train_config = train_config

    @set_from_config
    def train(self, data, epochs: FromConfig = 3): ...

class TrainConfig(BaseArgsFromConfig):
    @copy_signature(Trainer.train)
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)

Trainer(train_config=TrainConfig(epochs=5)).train(data)
"""

from __future__ import annotations

import functools
import inspect
import logging
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, TypeVar, overload

from tengjia.errors import ConfigurationError
from tengjia.messages import text
from tengjia.pretrained.markers import FROM_CONFIG, marked
from tengjia.pretrained.mixins import ConfigMixin
from tengjia.pretrained.recording import Record, check, record
from tengjia.utilities.nearest import nearest

Method = TypeVar("Method", bound=Callable[..., Any])
_COPIED: Final = "__tengjia_method__"
_log = logging.getLogger(__name__)


@overload
def set_from_config(method: Method) -> Method: ...


@overload
def set_from_config(method: str) -> Callable[[Method], Method]: ...


def set_from_config(method: Any) -> Any:
    """Decorator of a method: its `FromConfig` parameters may be set by a config that the object keeps.

    The config is an attribute of the object, `<method>_config` or the name that is given: a mapping, or a
    `BaseArgsFromConfig`. Where it is `None` the defaults hold.

    Raises:
        ConfigurationError: When called: the object has no such attribute.
    """
    if isinstance(method, str):
        return functools.partial(_configured, name=method)
    return _configured(method, f"{method.__name__}_config")


def _configured(method: Any, name: str) -> Any:
    signature = inspect.signature(method)

    @functools.wraps(method)
    def configured(self: Any, *args: Any, **kwargs: Any) -> Any:
        values = _values(self, name, method)
        try:
            given = signature.bind_partial(self, *args, **kwargs).arguments
        except TypeError:
            return method(self, *args, **kwargs)  # says in Python's own words what is wrong
        passed = given.get(_keywords(signature) or "", {})
        takes, takes_more = _takes(method)
        fitting = {key: value for key, value in values.items() if key in takes or takes_more}
        for key in sorted(values.keys() - fitting.keys()):
            _log.warning(text("pretrained.not_from_config", name=key, method=method.__qualname__).message)
        missing = {key: value for key, value in fitting.items() if key not in given and key not in passed}
        return method(self, *args, **{**missing, **kwargs})

    configured.__signature__ = signature  # type: ignore[attr-defined]
    return configured


def _values(instance: Any, name: str, method: Any) -> Mapping[str, Any]:
    try:
        values = getattr(instance, name)
    except AttributeError:
        near = ", ".join(nearest(name, [key for key in vars(instance) if not key.startswith("_")])) or "-"
        raise ConfigurationError(
            "pretrained.no_config_attribute", found=name, method=method.__qualname__, nearest=near
        ) from None
    if values is None:
        return {}
    if not isinstance(values, Mapping | BaseArgsFromConfig):
        raise ConfigurationError("pretrained.no_mapping", key=name, found=type(values).__qualname__)
    return {str(key): values[key] for key in values.keys()}  # noqa: SIM118


@functools.cache
def _takes(method: Any) -> tuple[frozenset[str], bool]:
    """The parameters that a config may set, and whether it may set others too (`**kwargs: FromConfig`)."""
    names, more = marked(method, FROM_CONFIG), _keywords(inspect.signature(method))
    return names - {more}, more in names


def _keywords(signature: inspect.Signature) -> str | None:
    kinds = {parameter.kind: name for name, parameter in signature.parameters.items()}
    return kinds.get(inspect.Parameter.VAR_KEYWORD)


def copy_signature(method: Callable[..., Any]) -> Callable[[Method], Method]:
    """Decorator of `__init__` of a `BaseArgsFromConfig` class: it takes what the method takes."""

    def decorate(constructor: Method) -> Method:
        @functools.wraps(constructor)
        def __init__(self: Any, *args: Any, **kwargs: Any) -> None:
            constructor(self, *args, **kwargs)

        plain = inspect.unwrap(method)
        __init__.__signature__ = inspect.signature(plain)  # type: ignore[attr-defined]
        setattr(__init__, _COPIED, plain)
        return __init__  # type: ignore[return-value]

    return decorate


class BaseArgsFromConfig(ConfigMixin):
    """Arguments for a method, kept to be saved with a trainer. Read like a mapping or by attribute.

    Only `FromConfig` parameters are kept; anything else is told and left out.

    Raises:
        ConfigurationError: `__init__` was not made by `copy_signature`, a parameter that only a config could give is
            missing, or a value is nothing that a config can hold.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        method = getattr(type(self).__init__, _COPIED, None)
        if method is None:
            raise ConfigurationError("pretrained.no_signature", found=type(self).__qualname__)
        values = _kept(method, args, kwargs)
        made = Record(values)
        check(made)
        self.__dict__["_values"] = values
        record(self, made)

    @classmethod
    def _made_from(cls, record: Record, given: dict[str, Any]) -> ConfigMixin:
        return cls(**{**record.arguments, **record.keywords, **given})

    def __getattr__(self, name: str) -> Any:
        # Not by `self._values`: a copy that is still empty would ask itself for ever.
        values = self.__dict__.get("_values", {})
        if name in values:
            return values[name]
        raise AttributeError(f"{type(self).__name__} has no argument {name!r}; it has: {', '.join(values) or '-'}")

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __contains__(self, name: object) -> bool:
        return name in self._values

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and other._values == self._values

    __hash__ = None  # type: ignore[assignment]

    def keys(self) -> Any:
        """Names of the arguments."""
        return self._values.keys()

    def items(self) -> Any:
        """Names and values."""
        return self._values.items()

    def get(self, name: str, default: Any = None) -> Any:
        """The value of an argument, or a default."""
        return self._values.get(name, default)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self._values.items())})"


def _kept(method: Callable[..., Any], args: Any, kwargs: Any) -> dict[str, Any]:
    signature = inspect.signature(method)
    _own, *parameters = signature.parameters.values()
    bound = inspect.Signature(parameters).bind_partial(*args, **kwargs)
    takes, takes_more = _takes(method)
    keywords = _keywords(signature)
    more = bound.arguments.pop(keywords, {}) if keywords else {}
    values = {name: value for name, value in bound.arguments.items() if name in takes}
    for name in sorted((bound.arguments.keys() - takes) | (set() if takes_more else more.keys())):
        _log.warning(text("pretrained.not_from_config", name=name, method=method.__qualname__).message)
    for parameter in parameters:
        if parameter.name in takes - values.keys() and parameter.default is parameter.empty:
            raise ConfigurationError("pretrained.missing_in_config", key=parameter.name, method=method.__qualname__)
        if parameter.name in takes - values.keys():
            _log.debug("%s takes the default of `%s`", method.__qualname__, parameter.name)
    return {**values, **(more if takes_more else {})}
