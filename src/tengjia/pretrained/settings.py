"""The config of a training that goes on from a bundle: what was saved, and what is passed, which wins.

What is passed is checked like a config file: names, types and choices are those of the modules.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tengjia.config import Settings
from tengjia.config.parameters import Schema, read_schema
from tengjia.config.types import Misfit, fit
from tengjia.errors import ConfigurationError
from tengjia.registry import REGISTRIES
from tengjia.utilities.nearest import nearest

if TYPE_CHECKING:
    from tengjia.base_tasks.stages.fine_tuning import FineTuning

SHORT: Final[dict[str, tuple[str, ...]]] = {
    "epoch": ("trainer", "max_epochs"),
    "epochs": ("trainer", "max_epochs"),
    "steps": ("trainer", "max_steps"),
    "batch_size": ("trainer", "batch_size"),
    "learning_rate": ("optimizer", "lr"),
    "lr": ("optimizer", "lr"),
    "device": ("trainer", "device"),
}
"""Names of the most usual settings."""

KINDS: Final = ("criterion", "optimizer", "schedule", "evaluator", "trainer")
_OWN: Final = ("dataset", "reader")
_OPTIONAL: Final = ("schedule",)
_NOT_SAVED: Final = ("publish",)
"""Sections that are never taken from a bundle: where its maker's models go is not where another's shall."""


def composed(saved: Mapping[str, Any], passed: Mapping[str, Any], base_task: FineTuning, work: Path) -> dict[str, Any]:
    """The config.

    Args:
        saved: The training config of the bundle.
        passed: What the caller says: a short name (`epoch`), a dotted key (`optimizer.lr`), a section as a mapping
            (`optimizer={"name": "sgd", "lr": 0.1}`), or the name of a module (`optimizer="sgd"`).
        base_task: How models of its base task are trained on.
        work: Folder for everything that is written.

    Raises:
        ConfigurationError: A setting is not known, of another type, or part of the model.
    """
    config: dict[str, Any] = {key: _thawed(value) for key, value in saved.items()}
    places = {SHORT.get(key) or tuple(key.replace("__", ".").split(".")): value for key, value in passed.items()}
    if SHORT["epochs"] in places:
        places.setdefault(SHORT["steps"], None)  # a saved limit of steps would win over the epochs that are asked for
    sections = _sections(base_task)
    for place, value in places.items():
        _put(config, place, value, base_task.fixed, tuple(sections))
    for kind in KINDS:
        if config.get(kind) is not None or kind not in _OPTIONAL:
            config[kind] = module_settings(kind, config.get(kind))
    config["callbacks"] = {
        name: _callback(name, values) for name, values in _mapping(config.get("callbacks"), "callbacks").items()
    }
    for name, home in sections.items():
        config[name] = _fitted(_mapping(config.get(name), name), _section_schema(home), name)
    for name in _NOT_SAVED:
        config.pop(name, None)
    config["seed"] = _seed(config.get("seed", 1))
    config["trainer"]["initial_weights"] = None  # the bundle's own
    roots = {name: str(work / name) for name in ("dataset_root", "bert_model_root", "word_vector_root")}
    return {**config, **roots, "cache_root": str(work / "cache"), "check_point_root": str(work), "resume": "never"}


def _sections(base_task: FineTuning) -> dict[str, str]:
    """The sections of the base task that may be set: name -> `module:Class`."""
    said: Mapping[str, str] = importlib.import_module(f"tengjia.base_tasks.{base_task.task.name}.sections").TRAINING
    return {name: place for name, place in said.items() if name not in (*base_task.fixed, *_NOT_SAVED)}


def _put(
    config: dict[str, Any], place: tuple[str, ...], value: Any, fixed: tuple[str, ...], sections: tuple[str, ...]
) -> None:
    first, *inner = place
    key = ".".join(place)
    if first in fixed:
        raise ConfigurationError("pretrained.fixed_setting", key=key, found=first)
    if first not in (*KINDS, *sections, "callbacks", "seed"):
        names = (*SHORT, *KINDS, *sections, "callbacks", "seed")
        raise ConfigurationError(
            "pretrained.unknown_setting",
            key=key,
            found=key,
            nearest=", ".join(nearest(key, names)) or "-",
            allowed=", ".join(names),
        )
    if not inner:
        config[first] = _merged(config.get(first), value, first)
        return
    section = config[first] = dict(_mapping(config.get(first), first))
    *path, last = inner
    for part in path:
        section[part] = section = dict(_mapping(section.get(part), key))
    section[last] = value


def _merged(former: Any, value: Any, section: str) -> Any:
    if isinstance(value, str) and section in KINDS:
        value = {"name": value}
    if not isinstance(value, Mapping):
        return value
    kept = dict(_mapping(former, section))
    if value.get("name", kept.get("name")) != kept.get("name"):
        kept = {}  # parameters of another module
    if section == "callbacks":
        return {**kept, **{name: {**kept.get(name, {}), **_mapping(inner, name)} for name, inner in value.items()}}
    return {**kept, **value}


def module_settings(kind: str, values: Any, key: str | None = None) -> dict[str, Any]:
    """The name and all parameters of a module, checked.

    Args:
        kind: Of the module.
        values: `name` and some parameters.
        key: Where they stand, if not below the kind.

    Raises:
        ConfigurationError: There is no such module, or a parameter is not known or of another type.
    """
    given = dict(_mapping(values, key or kind))
    schema = REGISTRIES[kind].schema(str(given.pop("name", "default")))
    return {"name": schema.registered, **_fitted(given, schema, key or kind)}


def _callback(name: str, values: Any) -> dict[str, Any]:
    key = f"callbacks.{name}"
    checked = module_settings("callbacks", {**_mapping(values, key), "name": name}, key)
    return {key: value for key, value in checked.items() if key != "name"}


def _section_schema(place: str) -> Schema:
    module, _, name = place.partition(":")
    return read_schema(Path(str(importlib.import_module(module).__file__)), name)


def _fitted(values: Mapping[str, Any], schema: Schema, section: str) -> dict[str, Any]:
    fitted = schema.defaults()
    for name, value in values.items():
        if name not in schema.parameters:
            raise ConfigurationError(
                "pretrained.unknown_setting",
                key=f"{section}.{name}",
                found=name,
                nearest=", ".join(nearest(name, schema.parameters)) or "-",
                allowed=", ".join(schema.parameters) or "-",
            )
        expected = schema.parameters[name].type
        try:
            fitted[name] = fit(value, expected)
        except Misfit:
            raise ConfigurationError(
                "pretrained.wrong_setting", key=f"{section}.{name}", found=repr(value)[:100], allowed=str(expected)
            ) from None
    return fitted


def _mapping(value: Any, key: str) -> Mapping[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise ConfigurationError("pretrained.wrong_setting", key=key, found=repr(value)[:100], allowed="a mapping")
    return value


def _seed(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ConfigurationError("pretrained.wrong_setting", key="seed", found=repr(value)[:100], allowed="int")
    return value


def _thawed(value: Any) -> Any:
    return Settings(value).plain() if isinstance(value, Mapping) else value
