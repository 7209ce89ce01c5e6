"""Twin bidirectional LSTMs, a vector for each text: `model=siamese_bilstm`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

import torch
from torch import Tensor, nn

from tengjia.config.parameters import Limits
from tengjia.contracts import Batch, Inputs
from tengjia.layers.bidirectional_lstm import BidirectionalLSTM
from tengjia.layers.comparison import Comparison
from tengjia.layers.dropout import Dropout
from tengjia.layers.embedding import Embedding
from tengjia.layers.parameter_groups import freeze
from tengjia.layers.text_pooling import pooled
from tengjia.registry import models


@models.register("siamese_bilstm")
class SiameseBiLSTM(nn.Module):
    """One LSTM reads both texts (Mueller and Thyagarajan 2016), which are then compared by their vectors.

    Args:
        config: Its parameters.
        inputs: What it reads.
    """

    decoder = "vectors"

    limits: ClassVar[Limits] = {
        "hidden_size": (0, None),
        "layers": (1, None),
        "vector_size": (0, None),
        "comparison_size": (1, None),
        "dropout": (0.0, 1.0),
    }

    @dataclass(frozen=True)
    class Config(Embedding.Config):
        """Parameters of `siamese_bilstm`."""

        feature_size: int = 0
        hidden_size: int = 128
        """Width of each direction of the LSTM; 0: no LSTM, the mean of the pieces alone."""
        layers: int = 1
        """Layers of the LSTM."""
        pooling: Literal["mean", "max", "mean_and_max"] = "mean_and_max"
        """What is made of the vectors of a text's pieces."""
        bag: bool = True
        """Whether the mean of the pieces, before any LSTM, is part of a text's vector."""
        vector_size: int = 0
        """Width of a text's vector after a last linear layer; 0: without one."""
        comparison: Literal["cosine", "learned"] = "cosine"
        """How vectors are compared: `learned` is a small net over |u - v|, u * v and the cosine, which only
        `criterion=regression` trains."""
        comparison_size: int = 64
        """Width inside the learned comparison."""
        embedding_dropout: float = 0.2
        dropout: float = 0.2
        """Share of the components dropped after each layer in training."""
        freeze: tuple[str, ...] = ()
        """Parts that do not learn, by parameter name (`embedding`, `lstm.forwards.0`, `*.bias`)."""

    def __init__(self, config: Config, *, inputs: Inputs) -> None:
        super().__init__()
        self.embedding = Embedding(config, inputs)
        width = self.embedding.width
        self.lstm: BidirectionalLSTM | None = None
        if config.hidden_size:
            self.lstm = BidirectionalLSTM(width, config.hidden_size, layers=config.layers, dropout=config.dropout)
        self.poolings = config.pooling.split("_and_") if self.lstm else []
        self.bag = config.bag or self.lstm is None
        whole = (self.lstm.width if self.lstm else 0) * len(self.poolings) + self.bag * width
        self.dropout = Dropout(config.dropout)
        self.output = nn.Linear(whole, config.vector_size) if config.vector_size else nn.Identity()
        self.comparison = Comparison(
            config.vector_size or whole,
            config.comparison,
            hidden_size=config.comparison_size,
            dropout=config.dropout,
        )
        freeze(self, config.freeze)

    def forward(self, batch: Batch) -> Tensor:
        """A vector `[B, H]` for each text."""
        pieces = self.embedding(batch)
        parts = [pooled(pieces, batch.mask, "mean")] if self.bag else []
        if self.lstm is not None:
            hidden = self.lstm(pieces, batch.mask)
            parts.extend(pooled(hidden, batch.mask, how) for how in self.poolings)
        result: Tensor = self.output(self.dropout(torch.cat(parts, -1)))
        return result

    def compare(self, first: Tensor, second: Tensor) -> Tensor:
        """How well texts with these vectors `[..., H]` fit."""
        result: Tensor = self.comparison(first, second)
        return result
