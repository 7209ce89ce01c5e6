"""Two texts as one, for encoders that read both at once: [CLS] first [SEP] second [SEP]."""

from __future__ import annotations

import torch
from torch import Tensor

from tengjia.base_tasks.text_matching.columns import FRAME
from tengjia.contracts import Batch
from tengjia.layers.packing import packed as packed_places


def joined(first: Batch, second: Batch, *, longest: int) -> Batch:
    """Pairs as one batch, with `features["segments"]`: 0 in the first text and what frames it, 1 in the second.

    Where both together are too long, the longer one is cut first, at its end, down to half of the room. The piece
    before the second text is left out.

    Args:
        first: B texts.
        second: B texts.
        longest: At most so many pieces together, those around them included.
    """
    framed = FRAME in first.features
    own = [_own(batch) for batch in (first, second)]
    rooms = _rooms(own[0].sum(1), own[1].sum(1), longest - (3 if framed else 0))
    stays = [
        (batch.mask & ~mine) | (mine & (mine.cumsum(1) <= room[:, None]))
        for batch, mine, room in zip((first, second), own, rooms)
    ]
    if framed:
        stays[1][:, 0] = False
    order = packed_places(torch.cat(stays, 1))
    mask = torch.cat(stays, 1).gather(1, order)

    def packed(values: Tensor, more: Tensor) -> Tensor:
        return torch.cat([values, more], 1).gather(1, order).masked_fill(~mask, 0)

    features = {name: packed(values, second.features[name]) for name, values in first.features.items()}
    features["segments"] = packed(torch.zeros_like(first.ids), torch.ones_like(second.ids))
    return Batch(packed(first.ids, second.ids), mask, features=features)


def _own(batch: Batch) -> Tensor:
    """`[B, S]` bool: where a piece of the text itself is."""
    frame = batch.features.get(FRAME)
    return batch.mask if frame is None else batch.mask & (frame == 0)


def _rooms(first: Tensor, second: Tensor, room: int) -> tuple[Tensor, Tensor]:
    """`[B]` each: how many pieces stay of two texts of these lengths."""
    half = (room + 1) // 2
    of_first = torch.minimum(first, (room - second).clamp(min=half))
    return of_first, torch.minimum(second, room - of_first)
