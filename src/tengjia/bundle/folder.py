"""The bundle: the one folder that leaves training. Complete or absent; verified before anything in it is used.

    <name>/
        model/            config.json, weights.safetensors, vocabulary, label and tokenizer files, filelist.txt
        model_code/       only with modules of the project's own: *.py, filelist.txt
        trainer/          config.json, train_config/config.json, filelist.txt
        golden.jsonl      texts with the answers this model gives
        README.md         model card
        filelist.txt      covers everything above

Where nothing is trained, `model/resources.json` stands instead of the weights.

Writing goes to a temporary folder that takes its place at the end. Reading neither writes nor deletes.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from tengjia.bundle.filelist import (
    FILELIST,
    Listed,
    files_under,
    read_filelist,
    verify_filelist,
    write_filelist,
)
from tengjia.bundle.plain import check_plain, parse_json
from tengjia.errors import CheckpointError
from tengjia.utilities.files import sha256_of_file, sync_folder
from tengjia.utilities.folders import folder_written_atomically

MODEL_CONFIG: Final = "model/config.json"
WEIGHTS: Final = "model/weights.safetensors"
RESOURCES: Final = "model/resources.json"
"""What answers where nothing is trained (a graph, an index, templates); it stands instead of the weights."""
TRAINER_CONFIG: Final = "trainer/config.json"
TRAIN_CONFIG: Final = "trainer/train_config/config.json"
GOLDEN: Final = "golden.jsonl"
CARD: Final = "README.md"
CODE: Final = "model_code"

_FOLDERS: Final = ("model", CODE, "trainer")
_ROOT_FILES: Final = frozenset({GOLDEN, CARD, FILELIST})
_REQUIRED: Final = (MODEL_CONFIG, TRAINER_CONFIG, TRAIN_CONFIG, GOLDEN, CARD)
_CODE_SUFFIXES: Final = frozenset(
    {".py", ".pyc", ".pyd", ".pyi", ".so", ".dll", ".dylib", ".pth", ".sh", ".exe", ".bat"}
)
_MEBIBYTE: Final = 1 << 20
_LARGEST: Final = {".json": 1024 * _MEBIBYTE, ".jsonl": 64 * _MEBIBYTE, ".md": _MEBIBYTE, ".py": _MEBIBYTE}
_LARGEST_CONFIG: Final = 4 * _MEBIBYTE


@dataclass(frozen=True)
class Bundle:
    """A verified bundle on disk. Made by `Bundle.open`."""

    folder: Path
    files: Mapping[str, Listed]
    """Every file but the root list: relative path -> size and digest."""

    digest: str
    """SHA-256 of the root list: the identity of the bundle."""

    @classmethod
    def open(cls, folder: Path) -> Bundle:
        """Verify every file of a bundle: names, sizes, digests, nothing missing, nothing unlisted.

        Raises:
            CheckpointError: There is no bundle, or it is not exactly what its lists say.
        """
        if not folder.is_dir():
            raise CheckpointError("bundle.absent", file=folder)
        _check_layout(folder, read_filelist(folder / FILELIST))
        files = verify_filelist(folder)
        for name in _FOLDERS:
            inner = {
                path.removeprefix(f"{name}/"): listed for path, listed in files.items() if path.startswith(f"{name}/")
            }
            inner.pop(FILELIST, None)
            if inner and read_filelist(folder / name / FILELIST) != inner:
                raise CheckpointError("bundle.lists_differ", file=folder / name / FILELIST)
        return cls(folder, files, sha256_of_file(folder / FILELIST))

    @property
    def model_folder(self) -> Path:
        """Where the model's files stand."""
        return self.folder / "model"

    @property
    def weights(self) -> Path:
        """The weights."""
        return self.folder / WEIGHTS

    @cached_property
    def config(self) -> Mapping[str, Any]:
        """`model/config.json`: what has to be built, by registry names and plain values."""
        return self.read_config(MODEL_CONFIG)

    def read_config(self, path: str) -> Mapping[str, Any]:
        """A config of the bundle, parsed and checked to be plain.

        Raises:
            CheckpointError: The file is too large, no JSON object, or says more than names and values.
        """
        file = self.folder / path
        value = parse_json(self.read(path), file)
        if not isinstance(value, dict):
            raise CheckpointError("bundle.bad_json", file=file, found=f"{type(value).__name__}, not an object")
        check_plain(value, file)
        return value

    def require(self, base_task: str, version: int) -> None:
        """See that it is for a base task, and written in a format that is known.

        Raises:
            CheckpointError: It is of another task or format.
        """
        for key, allowed, code in (("base_task", base_task, "other_task"), ("format", version, "other_format")):
            if (found := self.config.get(key)) != allowed:
                raise CheckpointError(f"bundle.{code}", file=self.folder, found=found, allowed=allowed)

    def read(self, path: str) -> bytes:
        """The content of a small file of the bundle.

        Raises:
            CheckpointError: There is no such file, or it is larger than any config.
        """
        if path not in self.files:
            raise CheckpointError("bundle.missing", file=self.folder, found=path)
        if self.files[path].size > _LARGEST_CONFIG:
            raise CheckpointError("bundle.too_large", file=self.folder / path, limit=_LARGEST_CONFIG)
        return (self.folder / path).read_bytes()

    def code(self) -> dict[str, bytes]:
        """The source files of `model_code/`, by path."""
        prefix = f"{CODE}/"
        return {
            path.removeprefix(prefix): (self.folder / path).read_bytes()
            for path in sorted(self.files)
            if path.startswith(prefix) and path != f"{prefix}{FILELIST}"
        }


def _check_layout(folder: Path, listed: Mapping[str, Listed]) -> None:
    for path in (*_REQUIRED, *(() if RESOURCES in listed else (WEIGHTS,))):
        if path not in listed:
            raise CheckpointError("bundle.missing", file=folder / FILELIST, found=path)
    for path, entry in listed.items():
        top, _, inner = path.partition("/")
        suffix = Path(path).suffix.lower()
        misplaced = path not in _ROOT_FILES if not inner else top not in _FOLDERS
        if misplaced or (top == CODE and suffix not in {".py", ".txt"}):
            raise CheckpointError("bundle.unlisted", file=folder / path, found=path)
        if top != CODE and suffix in _CODE_SUFFIXES:
            raise CheckpointError("bundle.hidden_code", file=folder / path)
        if entry.size > _LARGEST.get(suffix, entry.size):
            raise CheckpointError("bundle.too_large", file=folder / path, limit=_LARGEST[suffix])


@contextlib.contextmanager
def written_bundle(folder: Path) -> Iterator[Path]:
    """A temporary folder to fill; on success it is listed, made durable, and takes the place of `folder`.

    Args:
        folder: Where the bundle will stand; one that stands there already is replaced at the very end.

    Raises:
        CheckpointError: What was written is not a bundle.
        OSError: The disk is full and so on; a bundle that stood there before still does.
    """
    with folder_written_atomically(folder) as temporary:
        yield temporary
        for name in _FOLDERS:
            if (temporary / name).is_dir():
                write_filelist(temporary / name)
        write_filelist(temporary)
        Bundle.open(temporary)
        make_durable(temporary)


def make_durable(folder: Path) -> None:
    """Wait until the disk has every file of a folder."""
    folders = {folder}
    for _, file in files_under(folder):
        with open(file, "rb+") as handle:
            os.fsync(handle.fileno())
        folders.add(file.parent)
    for inner in sorted(folders, reverse=True):
        sync_folder(inner)
