"""Encoded rows in Arrow: written by preprocessing, drawn by training."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy
import pyarrow as pa

from tengjia.base_tasks.sequence_labeling.encoded import Columns, Encoded
from tengjia.data.batching import Part
from tengjia.data.tables import RowIndex, Table, list_column, values_of

if TYPE_CHECKING:
    from tengjia.base_tasks.sequence_labeling.encoding import Encoding


def schema(*, units: bool, features: Sequence[str]) -> pa.Schema:
    """Columns of encoded rows: `units` where not every piece is one, and one column for each further input."""
    lists = {"ids": pa.int32(), "starts": pa.int32(), "ends": pa.int32(), "labels": pa.int16()}
    lists |= {"units": pa.int32()} if units else {}
    lists |= {f"feature.{name}": pa.int32() for name in sorted(features)}
    return pa.schema(
        [
            pa.field("example", pa.int32(), nullable=False),
            *(pa.field(name, pa.list_(kind), nullable=False) for name, kind in lists.items()),
        ]
    )


def record_batch(columns: Columns, first_example: int, *, units: bool) -> pa.RecordBatch:
    """Rows as one batch; those without a unit are left out.

    Args:
        columns: Encoded texts with labels.
        first_example: Number of the first text in its part.
        units: Whether to write the column `units`.
    """
    assert columns.labels is not None
    arrays = {
        "example": pa.array(columns.texts + numpy.int32(first_example), pa.int32()),
        "ids": list_column(columns.pieces, columns.ids),
        "starts": list_column(columns.counts, columns.starts.astype(numpy.int32, copy=False)),
        "ends": list_column(columns.counts, columns.ends.astype(numpy.int32, copy=False)),
        "labels": list_column(columns.counts, columns.labels),
    }
    if units:
        arrays["units"] = list_column(columns.counts, _unit_places(columns))
    for name in sorted(columns.features):
        arrays[f"feature.{name}"] = list_column(columns.pieces, columns.features[name])
    batch = pa.RecordBatch.from_arrays(
        list(arrays.values()), schema=schema(units=units, features=list(columns.features))
    )
    return batch if columns.counts.all() else batch.filter(pa.array(columns.counts > 0))


def _unit_places(columns: Columns) -> numpy.ndarray:
    if columns.units is not None:
        return columns.units
    starts = numpy.cumsum(columns.counts) - columns.counts
    places: numpy.ndarray = numpy.arange(columns.counts.sum()) - numpy.repeat(starts, columns.counts)
    return places.astype(numpy.int32)


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
        return int(self._table[batch].column("example")[place].as_py())

    def part(self, encoding: Encoding) -> Part:
        """The rows as something to draw batches from."""
        return Part(self.lengths, self.units, lambda rows: encoding.collate([self[row] for row in rows]))

    def _columns_of(self, number: int) -> dict[str, tuple[numpy.ndarray, numpy.ndarray]]:
        batch = self._table[number]
        return {name: values_of(batch.column(name)) for name in batch.schema.names if name != "example"}


def _counts(batches: Sequence[pa.RecordBatch], name: str) -> numpy.ndarray:
    counts = [numpy.diff(batch.column(name).offsets.to_numpy()) for batch in batches]
    return numpy.concatenate(counts).astype(numpy.int64) if counts else numpy.zeros(0, dtype=numpy.int64)
