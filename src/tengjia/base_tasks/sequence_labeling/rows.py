"""Encoded rows in Arrow: written by preprocessing, drawn by training."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy
import pyarrow as pa

from tengjia.base_tasks.sequence_labeling.encoded import Columns, Encoded
from tengjia.data.arrow_tables import RowIndex, Table, list_column, numbers, values_of
from tengjia.data.batching import Part

if TYPE_CHECKING:
    from tengjia.base_tasks.sequence_labeling.encoding import Encoding


def schema(features: Sequence[str]) -> pa.Schema:
    """Columns of encoded rows: `units` is null where every piece is one; further inputs have a column each."""
    lists = {"ids": pa.int32(), "starts": pa.int32(), "ends": pa.int32(), "labels": pa.int16(), "units": pa.int32()}
    lists |= {f"feature.{name}": pa.int32() for name in sorted(features)}
    columns = [pa.field(name, pa.list_(kind), nullable=name == "units") for name, kind in lists.items()]
    return pa.schema([pa.field("example", pa.int32(), nullable=False), *columns])


def record_batch(columns: Columns, examples: numpy.ndarray) -> pa.RecordBatch:
    """Rows as one batch; those without a unit are left out.

    Args:
        columns: Encoded texts with labels.
        examples: Number of each text in its part.
    """
    assert columns.labels is not None
    units = columns.units
    arrays = [
        pa.array(examples[columns.texts], pa.int32()),
        list_column(columns.pieces, columns.ids),
        list_column(columns.counts, columns.starts.astype(numpy.int32, copy=False)),
        list_column(columns.counts, columns.ends.astype(numpy.int32, copy=False)),
        list_column(columns.counts, columns.labels),
        pa.nulls(len(columns.texts), pa.list_(pa.int32())) if units is None else list_column(columns.counts, units),
        *(list_column(columns.pieces, columns.features[name]) for name in sorted(columns.features)),
    ]
    batch = pa.RecordBatch.from_arrays(arrays, schema=schema(list(columns.features)))
    return batch if columns.counts.all() else batch.filter(pa.array(columns.counts > 0))


class Rows:
    """The encoded rows of a part, memory-mapped.

    Args:
        file: The Arrow file.
    """

    def __init__(self, file: Path) -> None:
        self._table = Table(file)
        batches = list(self._table)
        self._index = RowIndex([batch.num_rows for batch in batches])
        self.lengths = _counts(batches, "ids")
        """`[rows]` int64: pieces of each row."""
        self.units = _counts(batches, "starts")
        """`[rows]` int64: units of each row."""
        self._columns = lru_cache(maxsize=4096)(self._columns_of)

    def __len__(self) -> int:
        return len(self._index)

    def __getitem__(self, row: int) -> Encoded:
        batch, place = self._index.locate(int(row))
        values = {
            name: flat[offsets[place] : offsets[place + 1]] for name, (offsets, flat) in self._columns(batch).items()
        }
        features = {name[8:]: value for name, value in values.items() if name.startswith("feature.")}
        return Encoded(
            values["ids"], values.get("units"), values["starts"], values["ends"], values["labels"], features, int(row)
        )

    def example(self, row: int) -> int:
        """Number of the example that a row belongs to."""
        batch, place = self._index.locate(row)
        return int(numbers(self._table[batch].column("example"))[place])

    def part(self, encoding: Encoding) -> Part:
        """The rows as something to draw batches from."""
        return Part(self.lengths, self.units, lambda rows: encoding.collate([self[row] for row in rows]))

    def _columns_of(self, number: int) -> dict[str, tuple[numpy.ndarray, numpy.ndarray]]:
        batch = self._table[number]
        columns = {name: batch.column(name) for name in batch.schema.names if name != "example"}
        return {name: values_of(column) for name, column in columns.items() if not column.null_count}


def _counts(batches: Sequence[pa.RecordBatch], name: str) -> numpy.ndarray:
    counts = [numpy.diff(numbers(batch.column(name).offsets)) for batch in batches]
    return numpy.concatenate(counts).astype(numpy.int64) if counts else numpy.zeros(0, dtype=numpy.int64)
