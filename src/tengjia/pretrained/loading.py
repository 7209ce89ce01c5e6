"""Loads what `save_pretrained` wrote. Nothing is written, and nothing is used before it is verified."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tengjia.bundle.filelist import FILELIST, verify_filelist
from tengjia.bundle.folder import CODE
from tengjia.errors import CheckpointError
from tengjia.pretrained.classes import Classes, name_of
from tengjia.pretrained.config_files import read_config
from tengjia.pretrained.construction import Construction
from tengjia.pretrained.mixins import ConfigMixin, TrainerConfigMixin
from tengjia.pretrained.saving import carry
from tengjia.pretrained.sources import located
from tengjia.pretrained.versions import modernised

_BASES = frozenset({ConfigMixin, TrainerConfigMixin})


def from_pretrained(
    kind: type[ConfigMixin],
    path: Path | str,
    repo: str | Path | None,
    *,
    trust_code: bool,
    arguments: Mapping[str, Any] | None,
    options: Mapping[str, Any],
) -> Any:
    """See `ConfigMixin.from_pretrained`."""
    return load(kind, located(path, repo, **options), trust_code=trust_code, arguments=arguments)


def load(
    kind: type[ConfigMixin], root: Path, *, trust_code: bool = False, arguments: Mapping[str, Any] | None = None
) -> Any:
    """The object that was saved to a folder.

    Args:
        kind: What it must be.
        root: The folder that holds `model/` or `trainer/`.
        trust_code: Whether to run the folder's own code.
        arguments: For the constructor.

    Raises:
        CheckpointError: As `ConfigMixin.from_pretrained`.
    """
    folder, name = _place(kind, root)
    files = frozenset(verify_filelist(folder))
    values = read_config(folder, name=name, files=files)
    code = _code(root)
    classes = Classes(None if kind in _BASES else kind, code, trust_code)
    found = classes.find(values["__module__"], folder / name)
    _check_kind(kind, found, folder / name)
    made = Construction(classes, folder, files).build(values, arguments)
    if trust_code:
        carry(made, code)
    return made


def from_config(kind: type[ConfigMixin], config: Mapping[str, Any], arguments: Mapping[str, Any] | None) -> Any:
    """See `ConfigMixin.from_config`."""
    values = dict(config)
    if "__module__" not in values:
        if kind in _BASES:
            return config
        values["__module__"] = name_of(kind)
    if "__format__" in values or "__version__" in values:
        values = modernised(values, Path("config"))
    classes = Classes(None if kind in _BASES else kind)
    _check_kind(kind, classes.find(values["__module__"]), Path("config"))
    return Construction(classes).build(values, arguments)


def _place(kind: type[ConfigMixin], root: Path) -> tuple[Path, str]:
    """Where the config of an object stands: in its class's folder; for a base class, in the one folder of that kind."""
    own = root / kind.__prefix__
    if kind not in _BASES or (own / kind.__save_name__).is_file() or not root.is_dir():
        return own, kind.__save_name__
    taken = {mixin.__prefix__ for mixin in _BASES}
    found = [
        (folder, file.name)
        for folder in sorted(root.iterdir())
        if folder.name not in taken - {kind.__prefix__} and (folder / FILELIST).is_file()
        for file in sorted(folder.glob("*.json"))
    ]
    if len(found) != 1:
        shown = ", ".join(f"{folder.name}/{name}" for folder, name in found) or "-"
        raise CheckpointError("pretrained.which", file=root, found=shown)
    return found[0]


def _code(root: Path) -> dict[str, bytes]:
    folder = root / CODE
    if not (folder / FILELIST).is_file():
        return {}
    return {path: (folder / path).read_bytes() for path in verify_filelist(folder) if path.endswith(".py")}


def _check_kind(kind: type[ConfigMixin], found: type[ConfigMixin], file: Path) -> None:
    if not issubclass(found, kind):
        raise CheckpointError("pretrained.other_class", file=file, found=name_of(found), allowed=name_of(kind))
