"""Encoded rows in Arrow: written by preprocessing, drawn by training."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy
import pyarrow as pa

from tengjia.base_tasks.sequence_labeling.encoded import Columns, Encoded
from tengjia.base_tasks.texts.row_table import RowTable
from tengjia.data.arrow_tables import list_column


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
        self._table = RowTable(file)
        self.lengths = self._table.lengths("ids")
        """`[rows]` int64: pieces of each row."""
        self.units = self._table.lengths("starts")
        """`[rows]` int64: units of each row."""

    def __len__(self) -> int:
        return len(self._table)

    def __getitem__(self, row: int) -> Encoded:
        values = self._table.lists(row)
        features = {name[8:]: value for name, value in values.items() if name.startswith("feature.")}
        return Encoded(
            values["ids"], values.get("units"), values["starts"], values["ends"], values["labels"], features, int(row)
        )

    def example(self, row: int) -> int:
        """Number of the example that a row belongs to."""
        return int(self._table.numbers("example")[row])
