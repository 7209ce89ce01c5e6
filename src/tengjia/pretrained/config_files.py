"""From an object to its config files, and back to one dictionary.

    model/config.json                 {"__format__": 1, "__module__": "my_models.Tagger", "__version__": ..., "size": 3,
                                       "tokenizer": {"__module__": "my_models.Words", "__subfolder__": "tokenizer"}}
    model/tokenizer/config.json       {"__module__": "my_models.Words", "lower": true}
    model/weights.safetensors

Nothing is ever noted on the objects that are written, so each can be saved alone as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tengjia.bundle.filelist import FILELIST, is_safe
from tengjia.bundle.plain import parse_json
from tengjia.errors import CheckpointError, ConfigurationError
from tengjia.pretrained.classes import name_of
from tengjia.pretrained.mixins import ConfigMixin
from tengjia.pretrained.recording import record_of
from tengjia.pretrained.values import encode
from tengjia.pretrained.versions import modernised, stamp
from tengjia.pretrained.weights import covers, places_of, weights_of
from tengjia.utilities.files import write_json

if TYPE_CHECKING:
    from collections.abc import Iterable

CONFIG: Final = "config.json"
_DEEPEST: Final = 5
_DEEPEST_VALUE: Final = 100
_LARGEST: Final = 4 << 20


def described(instance: ConfigMixin) -> dict[str, Any]:
    """The config of an object with all objects in it, as one dictionary.

    Raises:
        ConfigurationError: A constructor is not recorded, or an argument is nothing that a config can hold.
    """
    return _Writer(None).object(instance, "")


def write_config(instance: ConfigMixin, folder: Path, *, name: str = CONFIG, weights: bool = False) -> None:
    """Write the config of an object, one file for itself and one for each `SubFolder` argument.

    Args:
        instance: Of a `ConfigMixin` class.
        folder: Where to.
        name: Name of the object's own file.
        weights: Write the weights of the object, and those of objects in it that are not among them.

    Raises:
        ConfigurationError: As `described`.
    """
    writer = _Writer(folder, weights=weights)
    write_json(folder / name, _sorted({**stamp(), **writer.object(instance, "")}))


@dataclass
class _Writer:
    """Writes what stands in one config file."""

    folder: Path | None
    """`None`: everything goes into one dictionary."""

    weights: bool = False
    depth: int = 0
    spread: bool = False
    """Objects in a list get folders of their own."""

    saved: set[int] = field(default_factory=set)
    """Where the weights lie that are saved already."""

    open: tuple[int, ...] = ()
    """The objects that are being written, to see one inside itself."""

    taken: set[str] = field(default_factory=lambda: {CONFIG, FILELIST})
    """Names in the folder, lower case."""

    def object(self, instance: ConfigMixin, place: str) -> dict[str, Any]:
        """The config of an object that stands at a place (`model.layers.0`)."""
        if id(instance) in self.open:
            raise ConfigurationError("pretrained.inside_itself", key=place, found=type(instance).__qualname__)
        record, kind = record_of(instance), type(instance)
        saved, values = self.saved, self._weighed(instance, place)
        self.open += (id(instance),)
        try:
            for name, value in record.arguments.items():
                values[name] = self._argument(name in record.folders, value, _joined(place, name))
            if record.positional:
                values["__args__"] = [
                    self.value(value, _joined(place, str(number))) for number, value in enumerate(record.positional)
                ]
            if record.keywords:
                values["__kwargs__"] = self.value(dict(record.keywords), place)
        finally:
            self.open, self.saved = self.open[:-1], saved
        values["__module__"] = name_of(kind)
        if kind.__config_version__ != 1:
            values["__config_version__"] = kind.__config_version__
        return _sorted(values)

    def value(self, value: Any, place: str) -> Any:
        """A value as JSON."""
        return encode(value, place, self._special)

    def _special(self, value: Any, place: str) -> Any:
        if not isinstance(value, ConfigMixin):
            return NotImplemented
        return self._in_folder(value, place) if self.spread else self.object(value, place)

    def _argument(self, own_folder: bool, value: Any, place: str) -> Any:
        return self._in_folder(value, place) if own_folder and value is not None else self.value(value, place)

    def _in_folder(self, value: Any, place: str) -> Any:
        if self.folder is None or self.depth >= _DEEPEST:
            return self.object(value, place) if isinstance(value, ConfigMixin) else self.value(value, place)
        name = self._free(place)
        inner = _Writer(
            self.folder / name,
            self.weights,
            self.depth + 1,
            not isinstance(value, ConfigMixin),
            self.saved,
            self.open,
        )
        if isinstance(value, ConfigMixin):
            content = inner.object(value, "")
            stub = {"__module__": content["__module__"], "__subfolder__": name}
        else:
            content, stub = {"__value__": inner.value(value, "")}, {"__subfolder__": name}
        write_json(self.folder / name / CONFIG, content)
        return stub

    def _weighed(self, instance: ConfigMixin, place: str) -> dict[str, Any]:
        """Write the weights of an object, unless one around it has them, and say where."""
        if self.folder is None or not self.weights:
            return {}
        weights = weights_of(instance)
        if weights is not None and weights and covers(self.saved, weights):
            return {}
        self.folder.mkdir(parents=True, exist_ok=True)
        name = self._free(_joined(place, instance.__weight__))
        if not instance._save_checkpoint(self.folder / name):
            return {}
        self.saved = self.saved | (places_of(weights) if weights is not None else set())
        return {"__weight__": name}

    def _free(self, place: str) -> str:
        """A name for a file or folder that says what is in it and that no other has, in whatever case."""
        plain = re.sub(r"[^A-Za-z0-9_.-]", "_", place).lstrip(".-")[-60:].lstrip(".-") or "_"
        name, number = plain, 1
        while name.lower() in self.taken:
            number += 1
            name = f"{number}_{plain}"
        self.taken.add(name.lower())
        return name


def _joined(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name


def _sorted(values: Mapping[str, Any]) -> dict[str, Any]:
    return dict(sorted(values.items()))


def read_config(folder: Path, *, name: str = CONFIG, files: Iterable[str] | None = None) -> dict[str, Any]:
    """The config of an object with those of its sub-folders, as one dictionary; file names in it lead from `folder`.

    Args:
        folder: Where `write_config` wrote.
        name: Name of the object's own file.
        files: What the folder's verified list holds; nothing else is read. `None`: there is no list.

    Raises:
        CheckpointError: A file is missing, is no config, or names a folder outside.
    """
    known = None if files is None else frozenset(files)
    values = modernised(_read(folder, name, known), folder / name)
    if "__module__" not in values:
        raise CheckpointError("pretrained.no_class", file=folder / name)
    joined: dict[str, Any] = _joined_up(values, folder, "", known)
    return joined


def _joined_up(value: Any, folder: Path, prefix: str, files: frozenset[str] | None) -> Any:
    if isinstance(value, list):
        return [_joined_up(inner, folder, prefix, files) for inner in value]
    if not isinstance(value, dict):
        return value
    if "__subfolder__" in value:
        return _sub_folder(value["__subfolder__"], folder, prefix, files)
    read = {key: _joined_up(inner, folder, prefix, files) for key, inner in value.items()}
    if prefix and isinstance(read.get("__weight__"), str):
        read["__weight__"] = prefix + read["__weight__"]
    return read


def _sub_folder(name: Any, folder: Path, prefix: str, files: frozenset[str] | None) -> Any:
    if not (isinstance(name, str) and is_safe(f"{prefix}{name}/{CONFIG}")):
        raise CheckpointError(
            "pretrained.bad_config", file=folder / prefix / CONFIG, key="__subfolder__", found=repr(name)[:200]
        )
    content = _read(folder, f"{prefix}{name}/{CONFIG}", files)
    content.pop("__version__", None)
    inner = content["__value__"] if content.keys() == {"__value__"} else content
    return _joined_up(inner, folder, f"{prefix}{name}/", files)


def _read(folder: Path, path: str, files: frozenset[str] | None) -> dict[str, Any]:
    file = folder / path
    if (files is not None and path not in files) or not file.is_file():
        raise CheckpointError("pretrained.no_config", file=folder, found=path)
    if file.stat().st_size > _LARGEST:
        raise CheckpointError("bundle.too_large", file=file, limit=_LARGEST)
    values = parse_json(file.read_bytes(), file)
    if not isinstance(values, dict):
        raise CheckpointError("bundle.bad_json", file=file, found=f"{type(values).__name__}, not an object")
    if any(depth > _DEEPEST_VALUE for depth in _depths(values)):
        raise CheckpointError("bundle.bad_json", file=file, found=f"deeper than {_DEEPEST_VALUE} levels")
    return values


def _depths(value: Any) -> Iterator[int]:
    waiting = [(value, 0)]
    while waiting:
        value, depth = waiting.pop()
        yield depth
        inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        waiting.extend((each, depth + 1) for each in inner)
