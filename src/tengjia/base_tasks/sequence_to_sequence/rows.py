"""Encoded pairs in Arrow, and the batches they become. Whoever only serves needs no pyarrow, and imports none."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy

from tengjia.base_tasks.texts.batches import padded
from tengjia.data.vocabulary import UNKNOWN

if TYPE_CHECKING:
    import pyarrow as pa

    from tengjia.contracts import Batch, SequenceBatch

Around = tuple[Sequence[int], Sequence[int]]
"""Ids of the pieces before and after a text."""


def schema() -> pa.Schema:
    """Columns: number of the example, ids of its source and of its target."""
    import pyarrow as pa

    return pa.schema(
        [
            pa.field("example", pa.int32(), nullable=False),
            pa.field("source", pa.list_(pa.int32()), nullable=False),
            pa.field("target", pa.list_(pa.int32()), nullable=False),
        ]
    )


def record_batch(
    sources: Sequence[numpy.ndarray], targets: Sequence[numpy.ndarray], numbers: numpy.ndarray
) -> pa.RecordBatch:
    """Rows as one batch: ids without border pieces, and the number of each example in its part."""
    import pyarrow as pa

    arrays = [pa.array(numbers, pa.int32()), _lists(sources), _lists(targets)]
    return pa.RecordBatch.from_arrays(arrays, schema=schema())


def _lists(rows: Sequence[numpy.ndarray]) -> pa.ListArray:
    import pyarrow as pa

    from tengjia.data.arrow_tables import list_column

    counts = numpy.array([len(row) for row in rows], numpy.int64)
    flat = numpy.concatenate(rows) if len(rows) else numpy.empty(0)
    return list_column(counts, pa.array(flat.astype(numpy.int32), pa.int32()))


class SequenceRows:
    """The encoded pairs of a part, memory-mapped; called with row numbers, it makes a batch of them.

    Args:
        file: The Arrow file.
        around: Ids of the pieces before and after each source.
        borders: Ids of the pieces before and after each target.
    """

    def __init__(self, file: Path, around: Around, borders: tuple[int, int]) -> None:
        from tengjia.base_tasks.texts.row_table import RowTable

        self._table = RowTable(file)
        self._around, self._borders = around, borders
        sources, targets = (self._table.lengths(name) for name in ("source", "target"))
        self.lengths: numpy.ndarray = sources + targets + sum(map(len, around)) + 2
        """`[rows]` int64: pieces of both texts with all that stands around them."""
        self.weights: numpy.ndarray = targets + 1
        """`[rows]` int64: pieces that are to be foreseen."""

    def __len__(self) -> int:
        return len(self.lengths)

    def __call__(self, rows: numpy.ndarray) -> SequenceBatch:
        """The batch of some rows."""
        import torch

        from tengjia.contracts import SequenceBatch

        found = [self._table.lists(int(row)) for row in rows]
        ids, mask = _framed([values["target"] for values in found], ([self._borders[0]], [self._borders[1]]))
        return SequenceBatch(
            source_batch([values["source"] for values in found], *self._around),
            target=torch.from_numpy(ids),
            target_mask=torch.from_numpy(mask),
            index=torch.from_numpy(numpy.asarray(rows, numpy.int64).copy()),
        )


def source_batch(rows: Sequence[numpy.ndarray], before: Sequence[int], after: Sequence[int]) -> Batch:
    """A batch of sources; one without any piece gets an unknown one, so that nothing is empty."""
    import torch

    from tengjia.contracts import Batch

    if not before and not after:
        rows = [row if len(row) else numpy.array([UNKNOWN], numpy.int32) for row in rows]
    ids, mask = _framed(rows, (before, after))
    return Batch(torch.from_numpy(ids), torch.from_numpy(mask))


def _framed(rows: Sequence[numpy.ndarray], around: Around) -> tuple[numpy.ndarray, numpy.ndarray]:
    """Ids and mask `[rows, S]` of rows with the pieces around each."""
    before, after = around
    counts = numpy.array([len(row) for row in rows]) + len(before)
    width = int(counts.max()) + len(after)
    ids = padded(rows, width, len(before))
    ids[:, : len(before)] = before
    for place, piece in enumerate(after):
        ids[numpy.arange(len(rows)), counts + place] = piece
    return ids, numpy.arange(width) < (counts + len(after))[:, None]
