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
        "encoder_dropout": (0.0, 1.0),
        "attention_dropout": (0.0, 1.0),
        "layer_decay": (0.0, 1.0),
        "head_rate": (0, None),
        "frozen_layers": (0, None),
    }

    @dataclass(frozen=True)
    class Config:
        """Parameters of `bert_cross_encoder`."""

        encoder: str = ""
        """Folder of a Hugging Face encoder, below `bert_model_root`; there must be one."""
        pooling: Literal["mean", "max", "first"] = "first"
        """What the score is made from: the first piece (`[CLS]`), or the mean or greatest of all."""
        dropout: float = 0.1
        """Share of the components dropped before the output in training."""
        encoder_dropout: float | None = None
        """Share of hidden components dropped inside the encoder; null: as the encoder's own configuration says."""
        attention_dropout: float | None = None
        """Share of attention weights dropped; null: as the encoder's own configuration says; 0 is the fastest."""
        layer_decay: float = 1.0
        """Each layer of the encoder learns so many times as fast as the one above it (0.9, for instance)."""
        head_rate: float = 10.0
        """Multiplier of the learning rate of what is not pretrained."""
        frozen_layers: int = 0
        """So many of the lowest layers do not learn, nor do the embeddings then; 0: everything learns."""
        freeze: tuple[str, ...] = ()
        """Further parts that do not learn, by parameter name (`encoder.model.embeddings`, `*.bias`)."""

    def __init__(self, config: Config, *, inputs: Inputs) -> None:
        super().__init__()
        self.pooling = config.pooling
        self.encoder = PretrainedEncoder(
            inputs, dropout=config.encoder_dropout, attention_dropout=config.attention_dropout
        )
        self.dropout = Dropout(config.dropout)
        self.output = nn.Linear(self.encoder.width, 1)
        self.rates = self.encoder.rates("encoder", config.layer_decay) | {"output": config.head_rate}
        freeze(self, (*self.encoder.lowest("encoder", config.frozen_layers), *config.freeze))

    def forward(self, batch: Batch) -> Tensor:
        """A score `[B]`, 0 to 1, of each pair of texts, which `features["segments"]` tells apart."""
        hidden = self.encoder(batch.ids, batch.mask, batch.features["segments"])
        logits: Tensor = self.output(self.dropout(pooled(hidden, batch.mask, self.pooling)))
        return torch.sigmoid(in_full(logits[:, 0]))
