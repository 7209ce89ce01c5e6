"""Rows of ids as the tensors of a batch, padded at the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy

from tengjia.utilities.few_sizes import at_least

if TYPE_CHECKING:
    import torch

    from tengjia.contracts import Batch


def padded(values: Sequence[numpy.ndarray], width: int, shift: int = 0) -> numpy.ndarray:
    """`[rows, width]` int64: each row's values from place `shift` on, 0 elsewhere."""
    result = numpy.zeros((len(values), width), dtype=numpy.int64)
    for row, value in zip(result, values):
        row[shift : shift + len(value)] = value
    return result


def framed(rows: Sequence[numpy.ndarray], frame: tuple[int, int] | None) -> tuple[numpy.ndarray, numpy.ndarray]:
    """Ids `[rows, S]` and mask `[rows, S]` of rows with the frame pieces around each."""
    shift = 0 if frame is None else 1
    lengths = numpy.array([len(row) + 2 * shift for row in rows])
    width = int(lengths.max())
    ids = padded(rows, width, shift)
    if frame is not None:
        ids[:, 0] = frame[0]
        ids[numpy.arange(len(rows)), lengths - 1] = frame[1]
    return ids, numpy.arange(width) < lengths[:, None]


def text_batch(
    rows: Sequence[numpy.ndarray],
    features: Mapping[str, Sequence[numpy.ndarray]],
    frame: tuple[int, int] | None,
    *,
    index: Sequence[int] | None = None,
    target: torch.Tensor | None = None,
) -> Batch:
    """A batch of whole texts.

    Args:
        rows: Ids of each text, at least one; a text without pieces gets one unknown piece, so that nothing is empty.
        features: Further ids of each text by name, as long as its row.
        frame: Ids of the pieces to put before and after each text.
        index: Which examples these are.
        target: What is known of each text.
    """
    import torch

    from tengjia.contracts import Batch
    from tengjia.data.vocabulary import UNKNOWN

    if frame is None:
        rows = [row if len(row) else numpy.array([UNKNOWN], numpy.int32) for row in rows]
    ids, mask = framed(rows, frame)
    shift = 0 if frame is None else 1
    further = {name: torch.from_numpy(padded(values, ids.shape[1], shift)) for name, values in features.items()}
    return Batch(
        torch.from_numpy(ids),
        torch.from_numpy(mask),
        features=further,
        index=None if index is None else torch.tensor(list(index), dtype=torch.int64),
        target=target,
    )


def widened(batch: Batch, most: int) -> Batch:
    """A batch padded to one of few widths, as it goes through a model in use (`utilities.few_sizes`).

    Args:
        batch: Without labels.
        most: So many pieces the model may be given at once; a batch is not padded beyond.
    """
    from torch.nn.functional import pad

    def wider(values: torch.Tensor) -> torch.Tensor:
        width = values.shape[1]
        return pad(values, (0, max(width, min(at_least(width), most)) - width))

    further = {name: wider(values) for name, values in batch.features.items()}
    parts = {"ids": batch.ids, "mask": batch.mask, "units": batch.units, "unit_mask": batch.unit_mask}
    padded_parts = {name: wider(values) for name, values in parts.items() if values is not None}
    return replace(batch, features=further, **padded_parts)
