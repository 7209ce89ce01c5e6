"""Joined pairs taken apart, for encoders that read each text by itself, and what was read put in its place again."""

from __future__ import annotations

import torch
from torch import Tensor

from tengjia.contracts import Batch
from tengjia.layers.kept_states import Encode
from tengjia.layers.packing import packed


def encoded_apart(batch: Batch, encode: Encode) -> list[Tensor]:
    """What an encoder says of the pieces of joined pairs, `[B, S, H]` each, where it reads each text by itself.

    A text that stands in the batch several times (one reference, many answers) is read once.

    Args:
        batch: Pairs; `features["segments"]` (0, 1) tells the texts apart. Where there is `features["frame"]`, the
            second text lacks the piece that stands before every text, and gets it again.
        encode: The encoder.
    """
    count, width = batch.ids.shape
    second = batch.features["segments"].bool() & batch.mask
    # One more place, before all: the first piece of the row, for the second text to begin with.
    ids = torch.cat([batch.ids[:, :1], batch.ids], 1)
    lead = second.any(1, keepdim=True) if "frame" in batch.features else second.new_zeros(count, 1)
    stays = torch.cat([torch.cat([torch.zeros_like(lead), batch.mask & ~second], 1), torch.cat([lead, second], 1)])
    places = packed(stays)
    mask = stays.gather(1, places)
    texts = ids.repeat(2, 1).gather(1, places).masked_fill(~mask, -1)
    different, number = torch.unique(texts, dim=0, return_inverse=True)
    states = encode(different.clamp(min=0), different >= 0)
    return [_in_place(state[number] * mask[..., None], places, count, width) for state in states]


def _in_place(values: Tensor, places: Tensor, count: int, width: int) -> Tensor:
    """`[B, S, H]` of what was read of first texts and of second texts, `[2 B, W, H]`; 0 elsewhere."""
    whole = values.new_zeros(2 * count, width + 1, values.shape[-1])
    whole = whole.scatter(1, places[..., None].expand_as(values), values)
    return (whole[:count] + whole[count:])[:, 1:]
