"""The modules that a bundle names: found in the registries or in its own code, their parameters checked."""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import Iterable, Iterator, Mapping
from contextvars import ContextVar
from pathlib import Path
from typing import Any, Final

from tengjia.bundle.code import collect_code, import_code
from tengjia.bundle.folder import CODE, MODEL_CONFIG, Bundle
from tengjia.bundle.plain import parse_json
from tengjia.config.parameters import Schema, read_schema
from tengjia.config.types import Misfit, fit
from tengjia.errors import CheckpointError, ConfigurationError
from tengjia.registry import REGISTRIES, Entry, scope

_brought: ContextVar[tuple[Mapping[str, str], Mapping[str, bytes]]] = ContextVar("brought_code", default=({}, {}))
"""Code of the bundle whose modules are lent: a model that is trained on with it is written with it again."""
_OF_THE_PROJECT: Final = frozenset({"task", "application", "project"})


def own_code(chosen: Mapping[str, str]) -> tuple[dict[str, str], dict[str, bytes]]:
    """What a bundle has to bring because it stands outside the library and its plugins.

    Args:
        chosen: Kind -> name of every module that the bundle needs.

    Returns:
        `kind/name` -> file in `model_code/`, and the content of `model_code/`.
    """
    brought, content = _brought.get()
    known = {key: place for kind, name in chosen.items() if (place := brought.get(key := f"{kind}/{name}")) is not None}
    found = [REGISTRIES[kind].find(name) for kind, name in chosen.items() if f"{kind}/{name}" not in known]
    entries = [entry for entry in found if _is_own(entry)]
    root = scope().root
    if not entries or root is None:
        return known, dict(content) if known else {}
    source = root.resolve() / "src"
    places = {f"{entry.kind}/{entry.name}": entry.file.resolve().relative_to(source).as_posix() for entry in entries}
    files = collect_code(source, [source / place for place in places.values()])
    return {**known, **places}, {**(content if known else {}), **files}


def _is_own(entry: Entry) -> bool:
    return entry.owner in _OF_THE_PROJECT


@contextlib.contextmanager
def bundled_modules(bundle: Bundle, *, trust_code: bool) -> Iterator[None]:
    """Make the own modules of a bundle known to the registries while the block runs.

    The project that wrote the bundle has the same code already and uses that; anybody else must trust the bundle.

    Raises:
        CheckpointError: There is code that is not trusted, that is not there, or that fails.
    """
    places = bundle.config.get("code", {})
    if not isinstance(places, Mapping) or not all(isinstance(place, str) for place in places.values()):
        raise CheckpointError(
            "bundle.not_plain", file=bundle.folder / MODEL_CONFIG, key="code", found=str(places)[:200]
        )
    files = bundle.code()
    if bool(files) != bool(places):
        raise CheckpointError("bundle.missing", file=bundle.folder, found=CODE if places else "code")
    if not places or _project_has(places, files):
        yield
        return
    if not trust_code:
        raise CheckpointError("bundle.untrusted_code", file=bundle.folder / CODE, found=", ".join(sorted(places)))
    with contextlib.ExitStack() as stack:
        for key, place in places.items():
            kind, _, name = key.partition("/")
            if kind not in REGISTRIES:
                raise CheckpointError("bundle.unknown_module", file=bundle.folder / MODEL_CONFIG, module=key)
            module = REGISTRIES[kind].registered_by(import_code(files, place), name)
            if module is None:
                raise CheckpointError("bundle.unknown_module", file=bundle.folder / CODE / place, module=key)
            stack.enter_context(REGISTRIES[kind].lending({name: module}))
        token = _brought.set((dict(places), files))
        stack.callback(_brought.reset, token)
        yield


def _project_has(places: Iterable[str], files: Mapping[str, bytes]) -> bool:
    try:
        _, present = own_code(dict(_kind_and_name(places)))
    except (ConfigurationError, CheckpointError, KeyError):
        return False
    return present == files


def _kind_and_name(places: Iterable[str]) -> Iterator[tuple[str, str]]:
    for place in places:
        kind, _, name = place.partition("/")
        yield kind, name


def check_module(bundle: Bundle, kind: str, values: object, file: Path) -> dict[str, Any]:
    """The choice of a module as a bundle gives it, compared with the parameters that the module really has.

    Args:
        bundle: For the own code, if the module stands there.
        kind: `model`, `tokenizer`, ...
        values: What was read: `name` and parameters.
        file: Where it was read.

    Returns:
        The values, lists made tuples.

    Raises:
        CheckpointError: There is no such module or parameter, or a value is of another type.
    """
    if not isinstance(values, Mapping) or not isinstance(values.get("name"), str):
        raise CheckpointError("bundle.not_plain", file=file, key=kind, found=str(values)[:200])
    schema = _schema(bundle, kind, values["name"], file)
    parameters = {key: value for key, value in values.items() if key != "name"}
    return {"name": values["name"], **_fitted(parameters, schema, kind, file)}


def checked_parameters(bundle: Bundle, path: str, kind: type[Any]) -> dict[str, Any]:
    """A file of the bundle that holds the parameters of a class of the library, compared with its `Config`.

    Unlike a config, its values need not be plain: they are never names of anything (regular expressions, say).

    Raises:
        CheckpointError: The file is missing, there is no such parameter, or a value is of another type.
    """
    file = bundle.folder / path
    values = parse_json(bundle.read(path), file)
    if not isinstance(values, Mapping):
        raise CheckpointError("bundle.bad_json", file=file, found=type(values).__name__)
    return _fitted(values, read_schema(Path(inspect.getfile(kind)), kind.__name__), Path(path).stem, file)


def _fitted(values: Mapping[str, Any], schema: Schema, key: str, file: Path) -> dict[str, Any]:
    fitted: dict[str, Any] = {}
    for name, value in values.items():
        try:
            fitted[name] = fit(value, schema.parameters[name].type)
        except (KeyError, Misfit):
            raise CheckpointError(
                "bundle.bad_parameter",
                file=file,
                key=f"{key}.{name}",
                found=name,
                value=repr(value)[:100],
                module=schema.registered or schema.name,
                allowed=", ".join(f"{known.name}: {known.type}" for known in schema.parameters.values()),
            ) from None
    return fitted


def _schema(bundle: Bundle, kind: str, name: str, file: Path) -> Schema:
    place = bundle.config.get("code", {}).get(f"{kind}/{name}")
    try:
        if place is not None:
            return read_schema(bundle.folder / CODE / place)
        return REGISTRIES[kind].schema(name)
    except ConfigurationError:
        raise CheckpointError("bundle.unknown_module", file=file, module=f"{kind}/{name}") from None
