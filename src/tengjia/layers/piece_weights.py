"""How much each piece of joined pairs counts: rare ones say more than frequent ones."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from tengjia.layers.coverage import Sides

LEAST = 0.1
"""What a piece that stands in every text still counts."""


class PieceWeights(nn.Module):
    """Inverse document frequencies (Sparck Jones 1972) of the texts that were seen in training, counted meanwhile.

    A piece that training never saw counts most.

    Args:
        pieces: Size of the vocabulary.
        rarity: Whether rare pieces count more; else all count alike.
    """

    texts: Tensor
    counts: Tensor

    def __init__(self, pieces: int, *, rarity: bool = True) -> None:
        super().__init__()
        self.rarity = rarity
        self.register_buffer("texts", torch.zeros(()))
        self.register_buffer("counts", torch.zeros(pieces))
        """In how many texts each piece stood."""

    def forward(self, ids: Tensor, texts: Sides) -> Tensor:
        """`[B, S]` of pieces `[B, S]`; in training they are counted first."""
        if not self.rarity:
            return torch.ones(ids.shape, device=ids.device)
        if self.training:
            self._count(ids, texts)
        weights: Tensor = ((self.texts + 1) / (self.counts + 1)).log() + LEAST
        return weights[ids]

    def _count(self, ids: Tensor, texts: Sides) -> None:
        rows = torch.arange(len(ids), device=ids.device)[:, None].expand_as(ids)
        size = len(self.counts)
        for number, side in enumerate(texts):
            own = ((2 * rows + number) * size + ids)[side]
            self.counts += torch.bincount(torch.unique(own) % size, minlength=size)
        self.texts += 2 * len(ids)
