"""Texts as ids, many at once, and the batches they become; what serving needs too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy

from tengjia.base_tasks.texts.batches import text_batch

if TYPE_CHECKING:
    from tengjia.contracts import Batch

FRAME = "frame"
"""Among the features of a text: 1 at the pieces that stand around it, 0 at its own; only where there are such."""


class TextColumns(NamedTuple):
    """Many texts as ids: N pieces in all, text after text."""

    counts: numpy.ndarray
    """`[texts]`: how many pieces each has."""

    ids: numpy.ndarray
    """`[N]` int32."""

    features: dict[str, numpy.ndarray]
    """`[N]` int32 each: further inputs by name."""

    def split(self) -> tuple[list[numpy.ndarray], dict[str, list[numpy.ndarray]]]:
        """Ids and further inputs, one array a text."""
        cuts = numpy.cumsum(self.counts)[:-1]
        return numpy.split(self.ids, cuts), {name: numpy.split(values, cuts) for name, values in self.features.items()}


def marked_batch(
    rows: Sequence[numpy.ndarray], features: Mapping[str, Sequence[numpy.ndarray]], frame: tuple[int, int] | None
) -> Batch:
    """A batch of texts that knows which of its pieces stand around them (`joining.FRAME`)."""
    import torch

    batch = text_batch(rows, features, frame)
    if frame is not None:
        around = torch.zeros_like(batch.ids)
        around[:, 0] = 1
        around[torch.arange(len(rows)), batch.mask.sum(1) - 1] = 1
        batch.features[FRAME] = around
    return batch
