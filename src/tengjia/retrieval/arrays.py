"""Arrays as plain little-endian files that are mapped, not read: a large index costs memory where it is used."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy

from tengjia.errors import CheckpointError
from tengjia.utilities.files import write_bytes


def write_array(file: Path, array: numpy.ndarray, kind: str) -> None:
    """Write an array.

    Args:
        file: Where to.
        array: Its numbers.
        kind: Their type on disk (`<f4`, `<i4`, `<i8`).
    """
    write_bytes(file, numpy.ascontiguousarray(array, dtype=kind).tobytes())


def map_array(file: Path, kind: str, shape: Sequence[int]) -> numpy.ndarray:
    """The numbers of a file, read-only, mapped into memory.

    Raises:
        CheckpointError: The file is missing, or has another size than the shape says.
    """
    expected = numpy.dtype(kind).itemsize * int(numpy.prod(shape, dtype=numpy.int64))
    size = file.stat().st_size if file.is_file() else -1
    if size != expected or min(shape) < 0:
        raise CheckpointError("retrieval.other_size", file=file, found=size, allowed=expected)
    if not expected:
        return numpy.zeros(shape, kind)
    return numpy.memmap(file, kind, "r", shape=tuple(shape))
