"""Looks for each piece of a point in an answer: `model=point_grader`. A module of this project, not of the library."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor, nn

from tengjia.config.parameters import Limits
from tengjia.contracts import Batch, Inputs
from tengjia.layers.bidirectional_lstm import BidirectionalLSTM
from tengjia.layers.comparison import unit
from tengjia.layers.dropout import Dropout
from tengjia.layers.embedding import Embedding
from tengjia.layers.parameter_groups import freeze
from tengjia.layers.precision import in_full
from tengjia.registry import models


@models.register("point_grader")
class PointGrader(nn.Module):
    """Aligns the pieces of two texts by attention and compares what was aligned (Parikh et al. 2016; Chen et al. 2017).

    A cross encoder without a pretrained one: it reads a point of the reference (or the whole of it) and an answer as
    one text, and gives the share of the first that the second covers.

    Args:
        config: Its parameters.
        inputs: What it reads.
    """

    decoder = "score"

    limits: ClassVar[Limits] = {
        "hidden_size": (1, None),
        "comparison_size": (1, None),
        "dropout": (0.0, 1.0),
    }

    @dataclass(frozen=True)
    class Config(Embedding.Config):
        """Parameters of `point_grader`."""

        embedding_size: int = 64
        feature_size: int = 8
        """Width of the vector of each further input of the encoding (which pieces stand in the question too)."""
        hidden_size: int = 64
        """Width of each direction of the LSTM."""
        comparison_size: int = 64
        """Width of what is made of each aligned piece."""
        embedding_dropout: float = 0.0
        dropout: float = 0.2
        """Share of the components dropped after each layer in training."""
        piece_dropout: float = 0.05
        freeze: tuple[str, ...] = ()
        """Parts that do not learn, by parameter name (`embedding`, `*.bias`)."""

    def __init__(self, config: Config, *, inputs: Inputs) -> None:
        super().__init__()
        self.embedding = Embedding(config, inputs)
        self.lstm = BidirectionalLSTM(self.embedding.width, config.hidden_size)
        width = self.embedding.width + self.lstm.width
        self.dropout = Dropout(config.dropout)
        self.sharpness = nn.Parameter(torch.tensor(5.0))
        """How much the best of the aligned pieces outweighs the others."""
        self.compare = nn.Sequential(
            nn.Linear(4 * width + 2, config.comparison_size), nn.ReLU(), Dropout(config.dropout)
        )
        self.output = nn.Sequential(
            nn.Linear(4 * config.comparison_size + 4, config.comparison_size),
            nn.ReLU(),
            nn.Linear(config.comparison_size, 1),
        )
        freeze(self, config.freeze)

    def forward(self, batch: Batch) -> Tensor:
        """A score `[B]`, 0 to 1, of each pair of texts, which `features["segments"]` tells apart."""
        pieces = self.embedding(batch)
        # What is alike must look alike in training too: cosines are taken before anything is dropped.
        whole = torch.cat([pieces, self.lstm(pieces, batch.mask)], -1)
        both = self.dropout(whole)
        second = batch.features["segments"].bool() & batch.mask
        first = ~batch.features["segments"].bool() & batch.mask
        near = unit(whole) @ unit(whole).transpose(1, 2)
        alike = unit(pieces) @ unit(pieces).transpose(1, 2)
        of_first = self._covered(both, near, alike, first, second)
        of_second = self._covered(both, near, alike, second, first)
        logits: Tensor = self.output(torch.cat([of_first, of_second], -1).to(both.dtype))
        return torch.sigmoid(in_full(logits[:, 0]))

    def _covered(self, both: Tensor, near: Tensor, alike: Tensor, own: Tensor, other: Tensor) -> Tensor:
        """How the pieces of one text are found in the other one, `[B, 2 C + 2]`.

        Args:
            both: `[B, S, H]` the pieces of both texts.
            near: `[B, S, S]` how near they are, in their contexts.
            alike: `[B, S, S]` how alike they are by themselves.
            own: `[B, S]` bool: pieces of the one text.
            other: `[B, S]` bool: pieces of the other one.
        """
        lowest = torch.finfo(near.dtype).min
        weights = torch.softmax((near * self.sharpness).masked_fill(~other[:, None, :], lowest), -1).to(both.dtype)
        found = weights @ both
        best = [values.masked_fill(~other[:, None, :], -1.0).amax(-1) for values in (near, alike)]
        shown = torch.stack(best, -1)
        compared = self.compare(torch.cat([both, found, (both - found).abs(), both * found, shown.to(both.dtype)], -1))
        there = own[..., None]
        counts = own.sum(1, keepdim=True).clamp(min=1)
        mean = compared.masked_fill(~there, 0.0).sum(1) / counts
        most = compared.masked_fill(~there, 0.0).amax(1)  # nothing is below 0 after a ReLU
        return torch.cat([mean, most, shown.masked_fill(~there, 0.0).sum(1) / counts], -1)
