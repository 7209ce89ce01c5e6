"""Tensors in a safetensors file, those that several names share written once."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tengjia.errors import CheckpointError

if TYPE_CHECKING:
    import torch


def save_tensors(tensors: Mapping[str, torch.Tensor], file: Path) -> None:
    """Write tensors by name; tensors that two names share are written once."""
    from safetensors.torch import save_file

    kept: dict[str, torch.Tensor] = {}
    same: dict[str, str] = {}
    places: dict[tuple[int, tuple[int, ...], tuple[int, ...]], str] = {}
    for name, tensor in tensors.items():
        place = tensor.data_ptr(), tuple(tensor.shape), tuple(tensor.stride())
        if tensor.numel() and place in places:
            same[name] = places[place]
            continue
        places[place] = name
        kept[name] = tensor.detach().to("cpu").contiguous().clone()
    with as_readable_as_others(file):
        save_file(kept, file, metadata={"shared": json.dumps(same)})


@contextmanager
def as_readable_as_others(file: Path) -> Iterator[None]:
    """Give the file that is written inside the mode that any new file has: the library would keep it for its owner."""
    file.touch()
    mode = stat.S_IMODE(file.stat().st_mode)
    yield
    file.chmod(mode)


def load_tensors(file: Path) -> dict[str, torch.Tensor]:
    """The tensors that `save_tensors` wrote.

    Raises:
        CheckpointError: The file is no such file.
    """
    from safetensors import SafetensorError, safe_open
    from safetensors.torch import load_file

    try:
        with safe_open(file, "pt") as opened:
            shared = json.loads((opened.metadata() or {}).get("shared", "{}"))
        tensors: dict[str, torch.Tensor] = load_file(file)
        return tensors | {name: tensors[original] for name, original in shared.items()}
    except (SafetensorError, KeyError, ValueError, TypeError, AttributeError, OSError) as error:
        raise CheckpointError("bundle.unfit", file=file, found=" ".join(str(error).split())[:300]) from None
