"""Encoded rows in Arrow: columns of numbers and of lists of numbers, memory-mapped."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy
import pyarrow as pa

from tengjia.data.arrow_tables import RowIndex, Table, kind_of, numbers, values_of


class RowTable:
    """The rows of a part.

    Args:
        file: The Arrow file.
    """

    def __init__(self, file: Path) -> None:
        self._table = Table(file)
        self._index = RowIndex([batch.num_rows for batch in self._table])
        self._columns = lru_cache(maxsize=4096)(self._columns_of)

    def __len__(self) -> int:
        return len(self._index)

    def lists(self, row: int) -> dict[str, numpy.ndarray]:
        """The lists of a row by column, without copying; columns that are null have none."""
        batch, place = self._index.locate(int(row))
        return {
            name: flat[offsets[place] : offsets[place + 1]] for name, (offsets, flat) in self._columns(batch).items()
        }

    def lengths(self, name: str) -> numpy.ndarray:
        """`[rows]` int64: how long the list of each row is in a column."""
        counts = [numpy.diff(numbers(batch.column(name).offsets)) for batch in self._table]
        return numpy.concatenate(counts).astype(numpy.int64) if counts else numpy.zeros(0, dtype=numpy.int64)

    def numbers(self, name: str) -> numpy.ndarray:
        """`[rows]`: a column of numbers, all rows."""
        found = [numbers(batch.column(name)) for batch in self._table]
        return numpy.concatenate(found) if found else numpy.zeros(0, dtype=kind_of(self._table.schema.field(name).type))

    def _columns_of(self, number: int) -> dict[str, tuple[numpy.ndarray, numpy.ndarray]]:
        batch = self._table[number]
        lists = [field.name for field in batch.schema if pa.types.is_list(field.type)]
        columns = {name: batch.column(name) for name in lists}
        return {name: values_of(column) for name, column in columns.items() if not column.null_count}
