"""Encoded pairs in Arrow, and the batches they become. Whoever only serves needs no pyarrow, and imports none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy

from tengjia.base_tasks.text_matching.columns import TextColumns, marked_batch

if TYPE_CHECKING:
    import pyarrow as pa

    from tengjia.contracts import Batch, PairBatch


def schema(names: Sequence[str], features: Sequence[str]) -> pa.Schema:
    """Columns: number of the example, ids and further inputs of each text, target, group."""
    import pyarrow as pa

    lists = [column for name in names for column in (name, *(f"{name}.{feature}" for feature in sorted(features)))]
    fields = [pa.field(column, pa.list_(pa.int32()), nullable=False) for column in lists]
    return pa.schema(
        [
            pa.field("example", pa.int32(), nullable=False),
            *fields,
            pa.field("target", pa.float32(), nullable=False),
            pa.field("group", pa.int64(), nullable=False),
        ]
    )


def record_batch(
    columns: Mapping[str, TextColumns],
    targets: numpy.ndarray,
    groups: numpy.ndarray,
    numbers: numpy.ndarray,
    form: pa.Schema,
) -> pa.RecordBatch:
    """Rows as one batch.

    Args:
        columns: `first`, `second`, perhaps `third`.
        targets: `[rows]` float32: 0 to 1, NaN where not known.
        groups: `[rows]` int64.
        numbers: `[rows]`: number of each example in its part.
        form: The schema.
    """
    import pyarrow as pa

    from tengjia.data.arrow_tables import list_column

    arrays: list[pa.Array] = [pa.array(numbers, pa.int32())]
    for found in columns.values():
        arrays.append(list_column(found.counts, pa.array(found.ids, pa.int32())))
        arrays.extend(
            list_column(found.counts, pa.array(found.features[name], pa.int32())) for name in sorted(found.features)
        )
    arrays += [pa.array(targets, pa.float32()), pa.array(groups, pa.int64())]
    return pa.RecordBatch.from_arrays(arrays, schema=form)


class PairRows:
    """The encoded pairs of a part, memory-mapped; called with row numbers, it makes a batch of them.

    Args:
        file: The Arrow file.
        names: `first`, `second`, perhaps `third`.
        features: Names of the further inputs.
        frame: Ids of the pieces before and after each text.
    """

    def __init__(
        self, file: Path, names: Sequence[str], features: Sequence[str], frame: tuple[int, int] | None
    ) -> None:
        from tengjia.base_tasks.texts.row_table import RowTable

        self._table = RowTable(file)
        self._names, self._features, self._frame = tuple(names), tuple(features), frame
        self.targets = self._table.numbers("target")
        """`[rows]` float32: 0 to 1, NaN where not known."""
        self.groups = self._table.numbers("group")
        """`[rows]` int64."""
        widths = [self._table.lengths(name) for name in self._names[:2]]
        self.lengths: numpy.ndarray = widths[0] + widths[1] + 4
        """`[rows]` int64: pieces of both texts with all that may stand around them."""
        self.negatives: numpy.ndarray | None = None
        """`[rows]` int64: the row whose second text each row shall have as its third one (mined while it is trained);
        `None`: that of the corpus, if it has one."""

    def __len__(self) -> int:
        return len(self.targets)

    def __call__(self, rows: numpy.ndarray) -> PairBatch:
        """The batch of some rows."""
        import torch

        from tengjia.contracts import PairBatch

        texts = [self.text("first", rows), self.text("second", rows)]
        if self.negatives is not None:
            texts.append(self.text("second", self.negatives[rows]))
        elif "third" in self._names:
            texts.append(self.text("third", rows))
        targets = self.targets[rows]
        known = not numpy.isnan(targets).any()
        return PairBatch(
            tuple(texts),
            target=torch.from_numpy(targets.copy()) if known else None,
            groups=torch.from_numpy(self.groups[rows].astype(numpy.int64)),
            index=torch.from_numpy(numpy.asarray(rows, numpy.int64).copy()),
        )

    def text(self, name: str, rows: numpy.ndarray) -> Batch:
        """One text of each of some rows."""
        found = [self._table.lists(int(row)) for row in rows]
        features = {feature: [values[f"{name}.{feature}"] for values in found] for feature in self._features}
        return marked_batch([values[name] for values in found], features, self._frame)
