"""A pretrained encoder, a bidirectional LSTM on it, and a conditional random field: `model=bert_bilstm_crf`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from torch import Tensor, nn

from tengjia.config.parameters import Limits
from tengjia.contracts import Batch, Inputs
from tengjia.layers.bidirectional_lstm import BidirectionalLSTM
from tengjia.layers.dropout import Dropout
from tengjia.layers.parameter_groups import freeze
from tengjia.layers.pretrained_encoder import PretrainedEncoder
from tengjia.layers.tagger import CRFTagger
from tengjia.layers.units import at_units
from tengjia.registry import models


@models.register("bert_bilstm_crf")
class BERTBiLSTMCRF(CRFTagger):
    """Any Hugging Face encoder, bidirectional LSTM over the units, CRF. Wants `optimizer.lr` of 3e-5 to 2e-4.

    Args:
        config: Its parameters.
        inputs: The folder of the encoder, and the tags to score.
    """

    decoder = "crf"
    greatest_rate = 1e-3

    limits: ClassVar[Limits] = {
        "hidden_size": (1, None),
        "layers": (1, None),
        "dropout": (0.0, 1.0),
        "crf_rate": (0, None),
    }

    @dataclass(frozen=True)
    class Config(PretrainedEncoder.Config):
        """Parameters of `bert_bilstm_crf`."""

        hidden_size: int = 128
        """Width of each direction of the LSTM."""
        layers: int = 1
        """Layers of the LSTM."""
        dropout: float = 0.1
        """Share of the components dropped before and after the LSTM in training."""
        crf_rate: float = 100.0
        """Multiplier of the learning rate of the CRF's own parameters."""
        constraints: bool = True
        """Whether tag sequences that the label scheme forbids are impossible."""

    def __init__(self, config: Config, *, inputs: Inputs) -> None:
        super().__init__(inputs.labels, constraints=config.constraints)
        self.encoder = PretrainedEncoder(config, inputs)
        self.dropout = Dropout(config.dropout)
        self.lstm = BidirectionalLSTM(
            self.encoder.width, config.hidden_size, layers=config.layers, dropout=config.dropout
        )
        self.output = nn.Linear(self.lstm.width, len(inputs.labels))
        self.rates = self.encoder.rates("encoder", config.layer_decay)
        self.rates |= {"lstm": config.head_rate, "output": config.head_rate, "crf": config.crf_rate}
        freeze(self, (*self.encoder.lowest("encoder", config.frozen_layers), *config.freeze))

    def forward(self, batch: Batch) -> Tensor:
        """Scores `[B, T, C]` of each tag at each unit."""
        hidden = at_units(self.encoder(batch.ids, batch.mask), batch.units)
        hidden = self.lstm(self.dropout(hidden), batch.label_mask)
        scores: Tensor = self.output(self.dropout(hidden))
        return scores
