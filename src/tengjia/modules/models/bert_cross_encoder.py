"""A pretrained encoder that reads both texts as one: `model=bert_cross_encoder`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

import torch
from torch import Tensor, nn

from tengjia.config.parameters import Limits
from tengjia.contracts import Batch, Inputs
from tengjia.layers.dropout import Dropout
from tengjia.layers.parameter_groups import freeze
from tengjia.layers.precision import in_full
from tengjia.layers.pretrained_encoder import PretrainedEncoder
from tengjia.layers.text_pooling import pooled
from tengjia.registry import models


@models.register("bert_cross_encoder")
class BERTCrossEncoder(nn.Module):
    """Attention sees both texts at once (Devlin et al. 2019, section 3.2): more right, slower where many are ranked.

    Args:
        config: Its parameters.
        inputs: The folder of the encoder.
    """

    decoder = "score"
    greatest_rate = 1e-3

    limits: ClassVar[Limits] = {
        "dropout": (0.0, 1.0),
    }

    @dataclass(frozen=True)
    class Config(PretrainedEncoder.Config):
        """Parameters of `bert_cross_encoder`."""

        pooling: Literal["mean", "max", "first"] = "first"
        """What the score is made from: the first piece (`[CLS]`), or the mean or greatest of all."""
        dropout: float = 0.1
        """Share of the components dropped before the output in training."""

    def __init__(self, config: Config, *, inputs: Inputs) -> None:
        super().__init__()
        self.pooling = config.pooling
        self.encoder = PretrainedEncoder(config, inputs)
        self.dropout = Dropout(config.dropout)
        self.output = nn.Linear(self.encoder.width, 1)
        self.rates = self.encoder.rates("encoder", config.layer_decay) | {"output": config.head_rate}
        freeze(self, (*self.encoder.lowest("encoder", config.frozen_layers), *config.freeze))

    def forward(self, batch: Batch) -> Tensor:
        """A score `[B]`, 0 to 1, of each pair of texts, which `features["segments"]` tells apart."""
        hidden = self.encoder(batch.ids, batch.mask, batch.features["segments"])
        logits: Tensor = self.output(self.dropout(pooled(hidden, batch.mask, self.pooling)))
        return torch.sigmoid(in_full(logits[:, 0]))
