"""A pretrained encoder that chooses each tag by itself: `model=bert_softmax`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from torch import Tensor, nn

from tengjia.config.parameters import Limits
from tengjia.contracts import Batch, Inputs
from tengjia.layers.dropout import Dropout
from tengjia.layers.parameter_groups import freeze
from tengjia.layers.pretrained_encoder import PretrainedEncoder
from tengjia.layers.tagger import SoftmaxTagger
from tengjia.layers.units import at_units
from tengjia.registry import models


@models.register("bert_softmax")
class BERTSoftmax(SoftmaxTagger):
    """Any Hugging Face encoder, softmax (Devlin et al. 2019). Wants `optimizer.lr` of 3e-5 to 2e-4.

    Args:
        config: Its parameters.
        inputs: The folder of the encoder, and the tags to score.
    """

    decoder = "softmax"
    greatest_rate = 1e-3

    limits: ClassVar[Limits] = {
        "dropout": (0.0, 1.0),
    }

    @dataclass(frozen=True)
    class Config(PretrainedEncoder.Config):
        """Parameters of `bert_softmax`."""

        dropout: float = 0.1
        """Share of the components dropped before the output in training."""

    def __init__(self, config: Config, *, inputs: Inputs) -> None:
        super().__init__()
        self.encoder = PretrainedEncoder(config, inputs)
        self.dropout = Dropout(config.dropout)
        self.output = nn.Linear(self.encoder.width, len(inputs.labels))
        self.rates = self.encoder.rates("encoder", config.layer_decay) | {"output": config.head_rate}
        freeze(self, (*self.encoder.lowest("encoder", config.frozen_layers), *config.freeze))

    def forward(self, batch: Batch) -> Tensor:
        """Scores `[B, T, C]` of each tag at each unit."""
        hidden = at_units(self.encoder(batch.ids, batch.mask), batch.units)
        scores: Tensor = self.output(self.dropout(hidden))
        return scores
