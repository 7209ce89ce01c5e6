"""An exported model on disk. Complete or absent; verified before anything in it is used.

<name>/
    model.onnx              the net: scores of tags
    descriptor.json         what stands before and after it
    decoder.safetensors     transitions, start and end of a conditional random field, if there is one
    cleaning.json           what is done to a text first
    encoding/               tokenizer, vocabulary, labels, further inputs
    golden.jsonl            texts with the answers that this export gives
    README.md, model_card.md
    filelist.txt            size and SHA-256 of every file
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from tengjia.bundle.filelist import FILELIST, Listed, files_under, read_filelist, verify_filelist
from tengjia.bundle.folder import CARD, GOLDEN, Bundle
from tengjia.errors import CheckpointError
from tengjia.utilities.files import sha256_of_file

GRAPH: Final = "model.onnx"
DESCRIPTOR: Final = "descriptor.json"
DECODER: Final = "decoder.safetensors"
CLEANING: Final = "cleaning.json"
ENCODING: Final = "encoding"
MODEL_CARD: Final = "model_card.md"
_REQUIRED: Final = (GRAPH, DESCRIPTOR, CLEANING, f"{ENCODING}/encoding.json", GOLDEN, CARD)
_ALLOWED: Final = frozenset({*_REQUIRED, DECODER, MODEL_CARD})
_SUFFIXES: Final = frozenset({".json", ".txt", ".model"})
"""Of files in `encoding/`."""


class Exported(Bundle):
    """A verified export. Made by `Exported.open`."""

    @classmethod
    def open(cls, folder: Path) -> Exported:
        """Verify every file of an export: names, sizes, digests, nothing missing, nothing unlisted.

        Raises:
            CheckpointError: There is no export, or it is not exactly what its list says.
        """
        if not is_export(folder):
            raise CheckpointError("exporting.absent", file=folder)
        for path in (listed := read_filelist(folder / FILELIST)):
            inside = path.startswith(f"{ENCODING}/") and Path(path).suffix in _SUFFIXES
            if not inside and path not in _ALLOWED:
                raise CheckpointError("bundle.unlisted", file=folder / path, found=path)
        for path in _REQUIRED:
            if path not in listed:
                raise CheckpointError("bundle.missing", file=folder / FILELIST, found=path)
        return cls(folder, verify_filelist(folder), sha256_of_file(folder / FILELIST))

    @classmethod
    def unlisted(cls, folder: Path) -> Exported:
        """An export that is still being written, and so has no list."""
        files = {path: Listed(file.stat().st_size, "") for path, file in files_under(folder)}
        return cls(folder, files, "")

    @cached_property
    def config(self) -> Mapping[str, Any]:
        """The descriptor."""
        return self.read_config(DESCRIPTOR)


def is_export(folder: Path) -> bool:
    """Whether a folder looks like an export."""
    return (folder / DESCRIPTOR).is_file() and (folder / FILELIST).is_file()
