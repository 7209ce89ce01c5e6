"""Memory that a thread keeps from call to call: the page faults of fresh memory cost as much as small work itself."""

from __future__ import annotations

import math
import threading
from typing import Final

import numpy
import torch
from torch import Tensor

RETAINED: Final = 2**28
"""Bytes a thread keeps for one name; larger buffers are made anew each time."""

_local = threading.local()


def buffer(name: str, shape: tuple[int, ...], kind: torch.dtype, device: torch.device) -> Tensor:
    """An uninitialised tensor. On CPU the next call of this thread with the same name gives the same memory.

    Args:
        name: Whose memory; two buffers in use at the same time need two names.
        shape: Its shape.
        kind: Its element type.
        device: Where; other devices have allocators of their own that keep memory.
    """
    size = math.prod(shape) * kind.itemsize
    if device.type != "cpu" or not 0 < size <= RETAINED:
        return torch.empty(shape, dtype=kind, device=device)
    pool: dict[str, numpy.ndarray] = _local.__dict__.setdefault("pool", {})
    if name not in pool or pool[name].size < size:
        pool[name] = numpy.empty(size, numpy.uint8)
    # As a numpy array it is no inference tensor, in whichever mode it was made.
    return torch.from_numpy(pool[name][:size]).view(kind).view(shape)
