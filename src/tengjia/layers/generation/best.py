"""The greatest of many scores, quickly on CPU."""

from __future__ import annotations

import torch
from torch import Tensor

BLOCK = 64
"""Scores of a block; the greatest of each is found with wide instructions."""


def best(scores: Tensor, count: int) -> tuple[Tensor, Tensor]:
    """The `count` greatest of each row `[R, C]` in order, and their places: `[R, count]` each.

    `torch.topk` sorts each row in part, one score after the other. The greatest `count` stand in the `count` blocks
    with the greatest maxima, so that only those need sorting.
    """
    rows, width = scores.shape
    whole = width // BLOCK * BLOCK
    if scores.device.type != "cpu" or width // BLOCK < 4 * count:
        values, places = scores.topk(min(count, width), -1)
        return values, places
    blocks = scores[:, :whole].reshape(rows, -1, BLOCK)
    chosen = blocks.amax(-1).topk(count, -1).indices
    values = blocks.gather(1, chosen[..., None].expand(-1, -1, BLOCK)).flatten(1)
    places = (chosen[..., None] * BLOCK + torch.arange(BLOCK)).flatten(1)
    if whole < width:
        values = torch.cat([values, scores[:, whole:]], 1)
        places = torch.cat([places, torch.arange(whole, width).expand(rows, -1)], 1)
    values, order = values.topk(count, -1)
    return values, places.gather(1, order)
