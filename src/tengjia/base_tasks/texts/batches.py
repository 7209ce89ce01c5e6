"""Rows of ids as the tensors of a batch, padded at the end."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

import numpy

from tengjia.utilities.few_sizes import at_least

if TYPE_CHECKING:
    import torch

    from tengjia.contracts import AnyBatch, Batch


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


Widened = TypeVar("Widened", bound="AnyBatch")


def widened(batch: Widened, most: int, width: Callable[[int], int] = at_least) -> Widened:
    """A batch padded to one of few widths (`utilities.few_sizes`): as it goes through a model in use, and in training
    where kernels are made for each shape.

    Args:
        batch: Of any kind.
        most: So many pieces the model may be given at once; a batch is not padded beyond.
        width: The next of the few widths.
    """
    from tengjia.contracts import PairBatch, SequenceBatch

    if isinstance(batch, PairBatch):
        return replace(batch, texts=tuple(widened(text, most, width) for text in batch.texts))
    if isinstance(batch, SequenceBatch):
        # A model reads the pieces before the last one, and foresees those after the first.
        targets = {name: _wider(getattr(batch, name), most, width, beyond=1) for name in ("target", "target_mask")}
        return replace(batch, source=widened(batch.source, most, width), **targets)
    further = {name: _wider(values, most, width) for name, values in batch.features.items()}
    names = ("ids", "mask", "units", "unit_mask", "labels")
    parts = {name: _wider(getattr(batch, name), most, width) for name in names}
    return replace(batch, features=further, **parts)


def _wider(values: torch.Tensor | None, most: int, width: Callable[[int], int], beyond: int = 0) -> Any:
    """`[B, S]` padded by nothing but zeros; `beyond`: places of each row that the width does not count."""
    from torch.nn.functional import pad

    if values is None:
        return None
    own = values.shape[1] - beyond
    return pad(values, (0, max(own, min(width(own), most - beyond)) - own))
