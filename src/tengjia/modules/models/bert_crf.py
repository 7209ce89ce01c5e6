"""A pretrained encoder with a conditional random field: `model=bert_crf`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from torch import Tensor, nn

from tengjia.config.parameters import Limits
from tengjia.contracts import Batch, Inputs
from tengjia.layers.dropout import Dropout
from tengjia.layers.parameter_groups import freeze
from tengjia.layers.pretrained_encoder import PretrainedEncoder
from tengjia.layers.tagger import CRFTagger
from tengjia.layers.units import at_units
from tengjia.registry import models


@models.register("bert_crf")
class BERTCRF(CRFTagger):
    """Any Hugging Face encoder, CRF (Devlin et al. 2019; Souza et al. 2019). Wants `optimizer.lr` of 3e-5 to 2e-4.

    Args:
        config: Its parameters.
        inputs: The folder of the encoder, and the tags to score.
    """

    decoder = "crf"
    greatest_rate = 1e-3

    limits: ClassVar[Limits] = {
        "dropout": (0.0, 1.0),
        "crf_rate": (0, None),
    }

    @dataclass(frozen=True)
    class Config(PretrainedEncoder.Config):
        """Parameters of `bert_crf`."""

        dropout: float = 0.1
        """Share of the components dropped before the output in training."""
        crf_rate: float = 100.0
        """Multiplier of the learning rate of the CRF's own parameters."""
        constraints: bool = True
        """Whether tag sequences that the label scheme forbids are impossible."""

    def __init__(self, config: Config, *, inputs: Inputs) -> None:
        super().__init__(inputs.labels, constraints=config.constraints)
        self.encoder = PretrainedEncoder(config, inputs)
        self.dropout = Dropout(config.dropout)
        self.output = nn.Linear(self.encoder.width, len(inputs.labels))
        self.rates = self.encoder.rates("encoder", config.layer_decay)
        self.rates |= {"output": config.head_rate, "crf": config.crf_rate}
        freeze(self, (*self.encoder.lowest("encoder", config.frozen_layers), *config.freeze))

    def forward(self, batch: Batch) -> Tensor:
        """Scores `[B, T, C]` of each tag at each unit."""
        hidden = at_units(self.encoder(batch.ids, batch.mask), batch.units)
        scores: Tensor = self.output(self.dropout(hidden))
        return scores
