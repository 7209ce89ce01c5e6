"""Writes what `from_pretrained` loads."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tengjia.bundle.code import PRIVATE_PACKAGE
from tengjia.bundle.filelist import is_safe, write_filelist
from tengjia.bundle.folder import CODE, make_durable
from tengjia.errors import CheckpointError, ConfigurationError
from tengjia.pretrained.config_files import write_config
from tengjia.pretrained.lists import write_root_list
from tengjia.pretrained.recording import record_of
from tengjia.utilities.files import write_bytes
from tengjia.utilities.folders import folder_written_atomically

if TYPE_CHECKING:
    from tengjia.pretrained.mixins import ConfigMixin

_CODE: Final = "_tengjia_code"


def save_config(instance: ConfigMixin, path: Path, *, overwrite: bool) -> Path:
    """See `ConfigMixin.save_config`."""
    folder = path / instance.__prefix__
    file = folder / instance.__save_name__
    if file.exists() and not overwrite:
        raise CheckpointError("pretrained.exists", file=file)
    write_config(instance, folder, name=instance.__save_name__)
    return file


def save_pretrained(instance: ConfigMixin, path: Path, *, overwrite: bool, code: bool) -> Path:
    """See `ConfigMixin.save_pretrained`."""
    folder = path / instance.__prefix__
    if folder.exists() and not overwrite:
        raise CheckpointError("pretrained.exists", file=folder)
    files = {**carried(instance), **(_sources(instance) if code else {})}
    with folder_written_atomically(folder) as temporary:
        write_config(instance, temporary, name=instance.__save_name__, weights=True)
        write_filelist(temporary)
        make_durable(temporary)
    if files:
        write_code(path / CODE, files)
    write_root_list(path)
    return path


def write_code(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write `model_code/`; files of other objects that stand there already stay."""
    for name, content in files.items():
        write_bytes(folder / name, content)
    write_filelist(folder)


def carried(instance: ConfigMixin) -> Mapping[str, bytes]:
    """The code that came with a loaded object."""
    return dict(instance.__dict__.get(_CODE, {}))


def carry(instance: ConfigMixin, files: Mapping[str, bytes]) -> None:
    """Keep the code that came with an object, so that it is saved again with it."""
    if files:
        instance.__dict__[_CODE] = dict(files)


def _sources(instance: ConfigMixin) -> dict[str, bytes]:
    """The files that define the classes of an object and of those in it, at the places of their modules."""
    files: dict[str, bytes] = {}
    for kind in _classes(instance):
        module = inspect.getmodule(kind)
        name = kind.__module__
        if name.startswith(PRIVATE_PACKAGE) or name.partition(".")[0] == "tengjia":
            continue
        source = inspect.getsourcefile(module) if module is not None and name != "__main__" else None
        package = hasattr(module, "__path__")
        place = name.replace(".", "/") + ("/__init__.py" if package else ".py")
        if source is None or not is_safe(place):
            raise ConfigurationError("pretrained.no_source", found=f"{name}.{kind.__qualname__}")
        files[place] = Path(source).read_bytes()
    return files


def _classes(value: Any) -> Iterator[type[ConfigMixin]]:
    from tengjia.pretrained.mixins import ConfigMixin

    waiting = [value]
    while waiting:
        found = waiting.pop()
        if isinstance(found, ConfigMixin):
            yield type(found)
            made = record_of(found)
            waiting += [*made.arguments.values(), *made.positional, *made.keywords.values()]
        elif isinstance(found, list | tuple | set | frozenset):
            waiting += found
        elif isinstance(found, dict):
            waiting += found.values()
