"""Bidirectional LSTM that chooses each tag by itself: `model=bilstm_softmax`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from torch import Tensor, nn

from tengjia.config.parameters import Limits
from tengjia.contracts import Batch, Inputs
from tengjia.layers.bidirectional_lstm import BidirectionalLSTM
from tengjia.layers.dropout import Dropout
from tengjia.layers.embedding import Embedding
from tengjia.layers.parameter_groups import freeze
from tengjia.layers.tagger import SoftmaxTagger
from tengjia.layers.units import at_units
from tengjia.registry import models


@models.register("bilstm_softmax")
class BiLSTMSoftmax(SoftmaxTagger):
    """Embedding, bidirectional LSTM, softmax (Graves and Schmidhuber 2005): quicker and less right than with a CRF.

    Args:
        config: Its parameters.
        inputs: What it reads and the tags it scores.
    """

    decoder = "softmax"

    limits: ClassVar[Limits] = {
        "hidden_size": (1, None),
        "layers": (1, None),
        "dropout": (0.0, 1.0),
    }

    @dataclass(frozen=True)
    class Config(Embedding.Config):
        """Parameters of `bilstm_softmax`."""

        hidden_size: int = 128
        """Width of each direction of the LSTM."""
        layers: int = 1
        """Layers of the LSTM."""
        dropout: float = 0.5
        """Share of the components dropped after each layer in training."""
        freeze: tuple[str, ...] = ()
        """Parts that do not learn, by parameter name (`embedding`, `lstm.forwards.0`, `*.bias`)."""

    def __init__(self, config: Config, *, inputs: Inputs) -> None:
        super().__init__()
        self.embedding = Embedding(config, inputs)
        self.lstm = BidirectionalLSTM(
            self.embedding.width,
            config.hidden_size,
            layers=config.layers,
            dropout=config.dropout,
            variational=config.variational_dropout,
        )
        self.dropout = Dropout(config.dropout, variational=config.variational_dropout)
        self.output = nn.Linear(self.lstm.width, len(inputs.labels))
        freeze(self, config.freeze)

    def forward(self, batch: Batch) -> Tensor:
        """Scores `[B, T, C]` of each tag at each unit."""
        hidden = self.lstm(self.embedding(batch), batch.mask)
        scores: Tensor = self.output(self.dropout(hidden))
        return at_units(scores, batch.units)
