"""A pretrained encoder that finds the slots of a request and says what is wanted: `model=bert_joint`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from torch import Tensor, nn

from tengjia.config.parameters import Limits
from tengjia.contracts import Batch, Inputs
from tengjia.layers.dropout import Dropout
from tengjia.layers.joint_tagger import JointTagger
from tengjia.layers.parameter_groups import freeze
from tengjia.layers.pooling import POOLINGS
from tengjia.layers.pretrained_encoder import PretrainedEncoder
from tengjia.layers.units import at_units
from tengjia.registry import models


@models.register("bert_joint")
class BERTJoint(JointTagger):
    """Any Hugging Face encoder; the first piece of a word for its slot, one vector of the text for the intent (Chen et
    al. 2019, "BERT for Joint Intent Classification and Slot Filling"). Wants `optimizer.lr` of 3e-5 to 2e-4.

    Args:
        config: Its parameters.
        inputs: The folder of the encoder, and the tags and classes to score.
    """

    decoder = "joint"
    layered = True
    greatest_rate = 1e-3

    limits: ClassVar[Limits] = {
        "dropout": (0.0, 1.0),
        "crf_rate": (0, None),
    }

    @dataclass(frozen=True)
    class Config(PretrainedEncoder.Config):
        """Parameters of `bert_joint`."""

        pooling: Literal["cls", "mean", "max"] = "cls"
        """What stands for the text: its first piece, or the mean or the greatest of all pieces."""
        crf: bool = True
        """Whether the slots are the best path of a conditional random field; else each tag is chosen by itself."""
        dropout: float = 0.1
        """Share of the components dropped before the outputs in training."""
        crf_rate: float = 100.0
        """Multiplier of the learning rate of the CRF's own parameters."""
        constraints: bool = True
        """Whether tag sequences that the label scheme forbids are impossible (with a CRF)."""

    def __init__(self, config: Config, *, inputs: Inputs) -> None:
        super().__init__(inputs, crf=config.crf, constraints=config.constraints)
        self.encoder = PretrainedEncoder(config, inputs)
        self.pool = POOLINGS[config.pooling]
        self.dropout = Dropout(config.dropout)
        self.output = nn.Linear(self.encoder.width, len(self.tags))
        self.intent_output = nn.Linear(self.encoder.width, len(self.labels))
        self.rates = self.encoder.rates("encoder", config.layer_decay)
        self.rates |= {"output": config.head_rate, "intent_output": config.head_rate}
        self.rates |= {"crf": config.crf_rate} if config.crf else {}
        freeze(self, (*self.encoder.lowest("encoder", config.frozen_layers), *config.freeze))

    def forward(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """Scores `[B, T, C]` of each tag at each unit, and `[B, K]` of each class."""
        hidden = self.encoder(batch.ids, batch.mask)
        text = self.pool(hidden, batch.mask)
        return self.output(self.dropout(at_units(hidden, batch.units))), self.intent_output(self.dropout(text))
