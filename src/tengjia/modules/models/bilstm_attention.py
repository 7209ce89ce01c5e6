"""A bidirectional LSTM that looks at what matters: `model=bilstm_attention`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

import torch
from torch import Tensor, nn

from tengjia.config.parameters import Limits
from tengjia.contracts import Batch, Inputs
from tengjia.layers.attention_pooling import AttentionPooling
from tengjia.layers.bidirectional_lstm import BidirectionalLSTM
from tengjia.layers.classifier import Classifier
from tengjia.layers.dropout import Dropout
from tengjia.layers.embedding import Embedding
from tengjia.layers.parameter_groups import freeze
from tengjia.layers.pooling import greatest
from tengjia.registry import models


@models.register("bilstm_attention")
class BiLSTMAttention(Classifier):
    """Embedding, bidirectional LSTM, attention over the text (Zhou et al. 2016, "Attention-Based Bidirectional ...").

    Args:
        config: Its parameters.
        inputs: What it reads and the classes it scores.
    """

    decoder = "classes"

    limits: ClassVar[Limits] = {
        "hidden_size": (1, None),
        "layers": (1, None),
        "dropout": (0.0, 1.0),
    }

    @dataclass(frozen=True)
    class Config(Embedding.Config):
        """Parameters of `bilstm_attention`."""

        hidden_size: int = 128
        """Width of each direction of the LSTM."""
        layers: int = 1
        """Layers of the LSTM."""
        pooling: Literal["attention", "attention_and_max"] = "attention_and_max"
        """What a text is: the mean weighted by attention, or this beside the greatest of each component."""
        embedding_dropout: float = 0.3
        dropout: float = 0.5
        """Share of the components dropped after each layer and before the output in training."""
        freeze: tuple[str, ...] = ()
        """Parts that do not learn, by parameter name (`embedding`, `lstm.forwards.0`, `*.bias`)."""

    def __init__(self, config: Config, *, inputs: Inputs) -> None:
        super().__init__(inputs.labels)
        self.embedding = Embedding(config, inputs)
        self.lstm = BidirectionalLSTM(
            self.embedding.width,
            config.hidden_size,
            layers=config.layers,
            dropout=config.dropout,
            variational=config.variational_dropout,
        )
        self.attention = AttentionPooling(self.lstm.width)
        self.both = config.pooling == "attention_and_max"
        self.dropout = Dropout(config.dropout)
        self.output = nn.Linear(self.lstm.width * (2 if self.both else 1), len(inputs.labels))
        freeze(self, config.freeze)

    def forward(self, batch: Batch) -> Tensor:
        """Scores `[B, C]` of each class."""
        hidden = self.lstm(self.embedding(batch), batch.mask)
        text = self.attention(hidden, batch.mask)
        if self.both:
            text = torch.cat([text, greatest(hidden, batch.mask)], 1)
        scores: Tensor = self.output(self.dropout(text))
        return scores
