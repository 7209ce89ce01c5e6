"""A pretrained encoder over each text, a vector for each: `model=siamese_bert`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

import torch
from torch import Tensor, nn

from tengjia.config.parameters import Limits
from tengjia.contracts import Batch, Inputs
from tengjia.layers.comparison import Comparison
from tengjia.layers.dropout import Dropout
from tengjia.layers.parameter_groups import freeze
from tengjia.layers.pretrained_encoder import PretrainedEncoder
from tengjia.layers.sentence_folder import pooling_of
from tengjia.layers.text_pooling import POOLINGS, pooled
from tengjia.registry import models


@models.register("siamese_bert")
class SiameseBERT(nn.Module):
    """Sentence-BERT (Reimers and Gurevych 2019): any Hugging Face encoder. Wants `optimizer.lr` of 2e-5 to 1e-4.

    Args:
        config: Its parameters.
        inputs: The folder of the encoder.
    """

    decoder = "vectors"
    pooling: Tensor
    greatest_rate = 1e-3

    limits: ClassVar[Limits] = {
        "vector_size": (0, None),
        "comparison_size": (1, None),
        "dropout": (0.0, 1.0),
    }

    @dataclass(frozen=True)
    class Config(PretrainedEncoder.Config):
        """Parameters of `siamese_bert`."""

        pooling: Literal["auto", "mean", "max", "first"] = "auto"
        """What is made of the vectors of a text's pieces; `auto`: what a folder of sentence-transformers says (its
        `1_Pooling/config.json`), the mean in any other."""
        vector_size: int = 0
        """Width of a text's vector after a last linear layer; 0: without one, as pretrained sentence encoders are."""
        comparison: Literal["cosine", "learned"] = "cosine"
        """How vectors are compared: `learned` is a small net over |u - v|, u * v and the cosine, which only
        `criterion=regression` trains."""
        comparison_size: int = 64
        """Width inside the learned comparison."""
        dropout: float = 0.0
        """Share of the components dropped from a text's vector in training."""

    def __init__(self, config: Config, *, inputs: Inputs) -> None:
        super().__init__()
        self.encoder = PretrainedEncoder(config, inputs)
        how = pooling_of(inputs.encoder) if config.pooling == "auto" else config.pooling
        # Among the weights, for a bundle does not carry the folder that said it.
        self.register_buffer("pooling", torch.tensor(POOLINGS.index(how)))
        width = config.vector_size or self.encoder.width
        self.dropout = Dropout(config.dropout)
        self.output = nn.Linear(self.encoder.width, width) if config.vector_size else nn.Identity()
        self.comparison = Comparison(
            width, config.comparison, hidden_size=config.comparison_size, dropout=config.dropout
        )
        heads = {"output": config.head_rate, "comparison": config.head_rate}
        self.rates = self.encoder.rates("encoder", config.layer_decay) | heads
        freeze(self, (*self.encoder.lowest("encoder", config.frozen_layers), *config.freeze))

    def forward(self, batch: Batch) -> Tensor:
        """A vector `[B, H]` for each text."""
        hidden = self.encoder(batch.ids, batch.mask)
        result: Tensor = self.output(self.dropout(pooled(hidden, batch.mask, POOLINGS[int(self.pooling)])))
        return result

    def compare(self, first: Tensor, second: Tensor) -> Tensor:
        """How well texts with these vectors `[..., H]` fit."""
        result: Tensor = self.comparison(first, second)
        return result
