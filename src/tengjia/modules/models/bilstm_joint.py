"""A bidirectional LSTM that finds the slots of a request and says what is wanted: `model=bilstm_joint`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

import torch
from torch import Tensor, nn

from tengjia.config.parameters import Limits
from tengjia.contracts import Batch, Inputs
from tengjia.layers.attention_pooling import AttentionPooling
from tengjia.layers.bidirectional_lstm import BidirectionalLSTM
from tengjia.layers.dropout import Dropout
from tengjia.layers.embedding import Embedding
from tengjia.layers.joint_tagger import JointTagger
from tengjia.layers.parameter_groups import freeze
from tengjia.layers.pooling import greatest
from tengjia.layers.slot_gate import SlotGate
from tengjia.layers.units import at_units
from tengjia.registry import models


@models.register("bilstm_joint")
class BiLSTMJoint(JointTagger):
    """One BiLSTM for both; the intent by attention over it, the slots gated by the intent (Goo et al. 2018), CRF.

    Args:
        config: Its parameters.
        inputs: What it reads, and the tags and classes that it scores.
    """

    decoder = "joint"

    limits: ClassVar[Limits] = {
        "hidden_size": (1, None),
        "layers": (1, None),
        "dropout": (0.0, 1.0),
        "crf_rate": (0, None),
    }

    @dataclass(frozen=True)
    class Config(Embedding.Config):
        """Parameters of `bilstm_joint`."""

        hidden_size: int = 128
        """Width of each direction of the LSTM."""
        layers: int = 1
        """Layers of the LSTM."""
        interaction: Literal["none", "gate"] = "gate"
        """What the slots know of the intent: nothing but the shared LSTM, or the slot gate of Goo et al. 2018."""
        crf: bool = True
        """Whether the slots are the best path of a conditional random field; else each tag is chosen by itself."""
        embedding_dropout: float = 0.4
        dropout: float = 0.5
        """Share of the components dropped after each layer and before the outputs in training."""
        constraints: bool = True
        """Whether tag sequences that the label scheme forbids are impossible (with a CRF)."""
        crf_rate: float = 1.0
        """Multiplier of the learning rate of the CRF's own parameters."""
        freeze: tuple[str, ...] = ()
        """Parts that do not learn, by parameter name (`embedding`, `lstm.forwards.0`, `*.bias`)."""

    def __init__(self, config: Config, *, inputs: Inputs) -> None:
        super().__init__(inputs, crf=config.crf, constraints=config.constraints)
        self.embedding = Embedding(config, inputs)
        self.lstm = BidirectionalLSTM(
            self.embedding.width,
            config.hidden_size,
            layers=config.layers,
            dropout=config.dropout,
            variational=config.variational_dropout,
        )
        self.attention = AttentionPooling(self.lstm.width)
        self.gate = SlotGate(self.lstm.width, 2 * self.lstm.width) if config.interaction == "gate" else None
        self.dropout = Dropout(config.dropout, variational=config.variational_dropout)
        self.text_dropout = Dropout(config.dropout)
        self.output = nn.Linear(self.lstm.width, len(self.tags))
        self.intent_output = nn.Linear(2 * self.lstm.width, len(self.labels))
        self.rates = {"crf": config.crf_rate} if config.crf else {}
        freeze(self, config.freeze)

    def forward(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """Scores `[B, T, C]` of each tag at each unit, and `[B, K]` of each class."""
        hidden = self.lstm(self.embedding(batch), batch.mask)
        text = torch.cat([self.attention(hidden, batch.mask), greatest(hidden, batch.mask)], 1)
        units = at_units(hidden, batch.units)
        if self.gate is not None:
            units = self.gate(units, text)
        return self.output(self.dropout(units)), self.intent_output(self.text_dropout(text))
