"""Bidirectional LSTM with a conditional random field: `model=bilstm_crf`."""

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
from tengjia.layers.tagger import CRFTagger
from tengjia.layers.units import at_units
from tengjia.registry import models


@models.register("bilstm_crf")
class BiLSTMCRF(CRFTagger):
    """Embedding, bidirectional LSTM, CRF (Huang et al. 2015; Lample et al. 2016). The default tagger.

    Args:
        config: Its parameters.
        inputs: What it reads and the tags it scores.
    """

    decoder = "crf"

    limits: ClassVar[Limits] = {
        "hidden_size": (1, None),
        "layers": (1, None),
        "dropout": (0.0, 1.0),
        "crf_rate": (0, None),
    }

    @dataclass(frozen=True)
    class Config(Embedding.Config):
        """Parameters of `bilstm_crf`."""

        hidden_size: int = 128
        """Width of each direction of the LSTM."""
        layers: int = 1
        """Layers of the LSTM."""
        dropout: float = 0.5
        """Share of the components dropped after each layer in training."""
        constraints: bool = True
        """Whether tag sequences that the label scheme forbids are impossible."""
        crf_rate: float = 1.0
        """Multiplier of the learning rate of the CRF's own parameters."""
        freeze: tuple[str, ...] = ()
        """Parts that do not learn, by parameter name (`embedding`, `lstm.forwards.0`, `*.bias`)."""

    def __init__(self, config: Config, *, inputs: Inputs) -> None:
        super().__init__(inputs.labels, constraints=config.constraints)
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
        self.rates = {"crf": config.crf_rate}
        freeze(self, config.freeze)

    def forward(self, batch: Batch) -> Tensor:
        """Scores `[B, T, C]` of each tag at each unit."""
        hidden = self.lstm(self.embedding(batch), batch.mask)
        scores: Tensor = self.output(self.dropout(hidden))
        return at_units(scores, batch.units)
