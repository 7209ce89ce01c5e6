"""Texts as ids, many at once, and the batches they become; what serving needs too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy

from tengjia.base_tasks.texts.batches import text_batch

if TYPE_CHECKING:
    from tengjia.contracts import Batch, TokenArrays

FRAME = "frame"
"""Among the features of a text: 1 at the pieces that stand around it, 0 at its own; only where there are such."""
GIVEN = "given"
"""Among the features of a text that has a context: 2 at the pieces that stand in the context too, 1 at its others."""
GIVEN_VALUES = 3
"""How many values `GIVEN` has, with 0 where there is no piece."""


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


def given_by(contexts: TokenArrays, texts: TokenArrays, belongs: numpy.ndarray) -> numpy.ndarray:
    """The further input `GIVEN` (`[N]` int32) of the pieces of texts.

    Pieces are compared as they are written: those count too that the vocabulary does not hold.

    Args:
        contexts: Any number of texts.
        texts: N pieces in all.
        belongs: `[texts]`: number of the context of each.
    """
    place = {piece: code for code, piece in enumerate(texts.pieces)}
    codes = numpy.array([place.get(piece, -1) for piece in contexts.pieces], numpy.int64)[contexts.codes]
    asked = numpy.repeat(numpy.arange(len(contexts.counts)), contexts.counts) * len(place) + codes
    own = numpy.repeat(belongs, texts.counts) * len(place) + texts.codes
    return numpy.where(numpy.isin(own, asked[codes >= 0]), 2, 1).astype(numpy.int32)


def marked_batch(
    rows: Sequence[numpy.ndarray], features: Mapping[str, Sequence[numpy.ndarray]], frame: tuple[int, int] | None
) -> Batch:
    """A batch of texts that knows which of its pieces stand around them (`FRAME`)."""
    import torch

    batch = text_batch(rows, features, frame)
    if frame is not None:
        around = torch.zeros_like(batch.ids)
        around[:, 0] = 1
        around[torch.arange(len(rows)), batch.mask.sum(1) - 1] = 1
        batch.features[FRAME] = around
    return batch
