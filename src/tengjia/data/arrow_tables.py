"""Arrow IPC files: written batch by batch in constant memory, read through a memory map."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy
import pyarrow as pa

from tengjia.utilities.files import written_atomically


def list_column(counts: numpy.ndarray, values: numpy.ndarray | pa.Array) -> pa.ListArray:
    """A column of lists from the length of each and all their values."""
    offsets = numpy.zeros(len(counts) + 1, dtype=numpy.int32)
    numpy.cumsum(counts, out=offsets[1:])
    return pa.ListArray.from_arrays(pa.array(offsets), values if isinstance(values, pa.Array) else pa.array(values))


def write_table(file: Path, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> int:
    """Write batches as they come.

    Returns:
        How many rows were written.
    """
    rows = 0
    with written_atomically(file) as out, pa.ipc.new_file(out, schema) as writer:
        for batch in batches:
            writer.write_batch(batch)
            rows += batch.num_rows
    return rows


class Table:
    """The batches of an Arrow IPC file; nothing is read before it is used.

    Args:
        file: The file, verified by whoever keeps it.
    """

    def __init__(self, file: Path) -> None:
        self._reader = pa.ipc.open_file(pa.memory_map(str(file)))
        self.schema: pa.Schema = self._reader.schema

    def __len__(self) -> int:
        """How many batches there are."""
        return int(self._reader.num_record_batches)

    def __getitem__(self, number: int) -> pa.RecordBatch:
        if not 0 <= number < len(self):
            raise IndexError(number)
        return self._reader.get_batch(number)

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        return (self[number] for number in range(len(self)))


class RowIndex:
    """Finds row numbers in batches.

    Args:
        sizes: Rows of each batch.
    """

    def __init__(self, sizes: Sequence[int]) -> None:
        self._limits = numpy.cumsum(numpy.asarray(sizes, dtype=numpy.int64))

    def __len__(self) -> int:
        return int(self._limits[-1]) if len(self._limits) else 0

    def first(self, batch: int) -> int:
        """Number of the first row of a batch."""
        return int(self._limits[batch - 1]) if batch else 0

    def locate(self, row: int) -> tuple[int, int]:
        """Number of the batch, and of the row in it."""
        batch = int(numpy.searchsorted(self._limits, row, side="right"))
        return batch, row - self.first(batch)


def values_of(column: Any) -> tuple[numpy.ndarray, numpy.ndarray]:
    """Offsets and all values of a column of lists of numbers, without copying."""
    return numbers(column.offsets), numbers(column.values)


def kind_of(type_: Any) -> numpy.dtype[Any]:
    """The type of numbers of a column, as numpy has it (`to_pandas_dtype` would import pandas)."""
    name = str(type_)
    return numpy.dtype({"halffloat": "float16", "float": "float32", "double": "float64"}.get(name, name))


def numbers(array: Any) -> numpy.ndarray:
    """The numbers of an array without nulls, without copying."""
    # Not `to_numpy`: it imports pandas, which takes longer than to read a small corpus.
    content, kind = array.buffers()[1], kind_of(array.type)
    if content is None:
        return numpy.empty(0, dtype=kind)
    return numpy.frombuffer(content, dtype=kind)[array.offset : array.offset + len(array)]
