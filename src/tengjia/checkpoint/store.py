"""The checkpoints of a run on disk. Each is complete or absent; the newest complete one is found again.

    checkpoints/
        step-00000120/       all that training needs to go on
            weights.safetensors  optimizer.safetensors  ...  state.json  manifest.json
        best-00000100/       the best weights so far
        quarantine/          what turned out damaged; never deleted

No pickle: tensors are safetensors, everything else is JSON. A file is hashed before it is parsed.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tengjia.checkpoint import manifest
from tengjia.errors import CheckpointError
from tengjia.messages import text
from tengjia.utilities.files import sync_folder, temporary_name
from tengjia.utilities.folders import folder_written_atomically, remove_folder, remove_leftovers, write_all_durably

if TYPE_CHECKING:
    import torch

STATE: Final = "state.json"
SUFFIX: Final = ".safetensors"
QUARANTINE: Final = "quarantine"
Tensors = Mapping[str, "torch.Tensor"]
Content = bytes | memoryview
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Checkpoint:
    """What one checkpoint holds."""

    name: str
    """`step-00000120`."""

    state: Mapping[str, Any]
    """Counters and all else that is not a tensor: plain JSON values."""

    tensors: Mapping[str, Tensors] = field(default_factory=dict)
    """File stem (`weights`, `optimizer`, ...) to tensors by name, on the CPU."""


class CheckpointStore:
    """The folder of checkpoints of one run; one process writes to it.

    Args:
        folder: Created when something is first written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._known: set[str] | None = None

    def names(self, prefix: str) -> list[str]:
        """Names of the checkpoints that begin with `prefix` (`step-`, `best-`), the oldest first."""
        if not self.folder.is_dir():
            return []
        with os.scandir(self.folder) as entries:
            return sorted(entry.name for entry in entries if entry.name.startswith(prefix) and entry.is_dir())

    def known(self, prefix: str) -> list[str]:
        """The same, looked up once: nobody else writes here. For whoever writes, and only then."""
        if self._known is None:
            self._known = set(self.names(""))
        return sorted(name for name in self._known if name.startswith(prefix))

    def write(self, checkpoint: Checkpoint) -> Path:
        """Write a checkpoint; when this returns, it is whole and on disk.

        Raises:
            OSError: It could not be written; nothing of it is left, and what was there before is untouched.
        """
        from tengjia.checkpoint.packed import Packed

        files: dict[str, Content] = {
            f"{stem}{SUFFIX}": Packed.of(tensors).content for stem, tensors in checkpoint.tensors.items()
        }
        files[STATE] = json.dumps(checkpoint.state, ensure_ascii=False, sort_keys=True).encode()
        path = self.folder / checkpoint.name
        with folder_written_atomically(path) as temporary:
            write_all_durably(temporary, {**files, manifest.NAME: manifest.encode(files)})
        if self._known is not None:
            self._known.add(checkpoint.name)
        return path

    def read(self, name: str) -> Checkpoint:
        """One checkpoint, every byte of it verified before use.

        Raises:
            CheckpointError: It is missing or damaged.
        """
        from safetensors.torch import load

        files = manifest.read_verified(self.folder / name)
        tensors = {file.removesuffix(SUFFIX): load(content) for file, content in files.items() if file.endswith(SUFFIX)}
        return Checkpoint(name, json.loads(files[STATE]), tensors)

    def newest(self, prefix: str = "step-") -> Checkpoint | None:
        """The newest complete checkpoint; damaged ones on the way are said and set aside."""
        for name in reversed(self.names(prefix)):
            try:
                return self.read(name)
            except CheckpointError as error:
                logger.warning("%s", error)
                kept = self._set_aside(name)
                logger.warning(text("checkpoint.walked_back", name=name, folder=kept).message)
        return None

    def tidy(self) -> None:
        """Remove what a killed process left unfinished; call it once, before anything is written."""
        remove_leftovers(self.folder)

    def keep_only(self, prefix: str, kept: Collection[str]) -> None:
        """Delete the checkpoints that begin with `prefix` and are not named in `kept`."""
        for name in self.known(prefix):
            if name not in kept:
                self._remove(name)

    def _remove(self, name: str) -> None:
        # A half-deleted checkpoint must not look like a damaged one: rename it before its files go.
        path = self.folder / name
        hidden = temporary_name(path)
        with contextlib.suppress(FileNotFoundError):  # somebody else removed it
            path.rename(hidden)
            remove_folder(hidden)
        if self._known is not None:
            self._known.discard(name)

    def _set_aside(self, name: str) -> Path:
        place = self.folder / QUARANTINE
        place.mkdir(exist_ok=True)
        number = 0
        while (target := place / (f"{name}.{number}" if number else name)).exists():
            number += 1
        os.replace(self.folder / name, target)
        sync_folder(self.folder)
        return target
