"""Pieces as vectors: trained from scratch or pretrained, with further inputs (character bigrams) beside them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

import numpy
import torch
from torch import Tensor, nn

from tengjia.config.parameters import Limits
from tengjia.contracts import Batch, Inputs
from tengjia.layers.dropout import Dropout

UNKNOWN: Final = 1
"""Id of what the vocabulary does not hold."""

SPREAD: Final = 0.3
"""Standard deviation of the components at the beginning, pretrained ones too; chosen on a development part."""


class Embedding(nn.Module):
    """Looks up the pieces of a batch, and its further inputs, and puts the vectors side by side.

    Args:
        config: See `Config`; models build theirs on it.
        inputs: Sizes of the vocabularies, and pretrained vectors if any.
    """

    limits: ClassVar[Limits] = {
        "embedding_size": (1, None),
        "feature_size": (0, None),
        "extra_embedding_size": (0, None),
        "embedding_dropout": (0.0, 1.0),
        "piece_dropout": (0.0, 1.0),
    }

    @dataclass(frozen=True)
    class Config:
        """What every model says that looks up pieces."""

        embedding_size: int = 128
        """Width of a piece's vector; pretrained vectors bring their own width."""
        feature_size: int = 64
        """Width of the vector of each further input of the encoding (character bigrams); 0 leaves them out."""
        extra_embedding_size: int = 0
        """Width of a second, trained vector of each piece, beside pretrained ones; 0 for none."""
        embedding_dropout: float = 0.5
        """Share of the components of the embedding dropped in training."""
        variational_dropout: bool = False
        """Whether a dropped component is dropped at all units of a sequence."""
        piece_dropout: float = 0.0
        """Share of pieces (and of further inputs) replaced by the unknown one in training."""

    def __init__(self, config: Config, inputs: Inputs) -> None:
        super().__init__()
        self.pieces = (
            _pretrained(inputs) if inputs.vectors is not None else _table(inputs.pieces, config.embedding_size)
        )
        extra, width = config.extra_embedding_size, config.feature_size
        self.extra = _table(inputs.pieces, extra) if extra else None
        named = inputs.features if width else {}
        self.features = nn.ModuleDict({name: _table(count, width) for name, count in named.items()})
        self.width = self.pieces.embedding_dim + extra + width * len(self.features)
        self.dropout = Dropout(config.embedding_dropout, variational=config.variational_dropout)
        self.piece_dropout = config.piece_dropout

    def forward(self, batch: Batch) -> Tensor:
        """Vectors `[B, S, width]`."""
        ids = self._dropped(batch.ids, batch.mask)
        parts = [self.pieces(ids)]
        if self.extra is not None:
            parts.append(self.extra(ids))
        for name, table in self.features.items():
            parts.append(table(self._dropped(batch.features[name], batch.mask)))
        result: Tensor = self.dropout(torch.cat(parts, -1) if len(parts) > 1 else parts[0])
        return result

    def _dropped(self, ids: Tensor, mask: Tensor) -> Tensor:
        if not self.training or not self.piece_dropout:
            return ids
        gone = torch.rand(ids.shape, device=ids.device) < self.piece_dropout
        return ids.masked_fill(gone & mask, UNKNOWN)


def _table(count: int, width: int) -> nn.Embedding:
    table = nn.Embedding(count, width, padding_idx=0)
    with torch.no_grad():
        table.weight.normal_(std=SPREAD)
        table.weight[0] = 0.0
    return table


def _pretrained(inputs: Inputs) -> nn.Embedding:
    """Pretrained vectors, scaled to the usual spread; pieces that have none (NaN) begin at random."""
    assert inputs.vectors is not None
    given = numpy.asarray(inputs.vectors, dtype=numpy.float32)
    table = _table(inputs.pieces, given.shape[1])
    known = torch.from_numpy(~numpy.isnan(given).any(1))
    if bool(known.any()):
        vectors = torch.from_numpy(given)[known]
        with torch.no_grad():
            table.weight[known] = vectors * (SPREAD / vectors.std(correction=0).clamp(min=1e-8))
            table.weight[0] = 0.0
    table.weight.requires_grad_(not inputs.vectors_frozen)
    return table
