"""A pretrained encoder that says what a text is: `model=bert_classifier`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from torch import Tensor, nn

from tengjia.config.parameters import Limits
from tengjia.contracts import Batch, Inputs
from tengjia.layers.classifier import Classifier
from tengjia.layers.dropout import Dropout
from tengjia.layers.parameter_groups import freeze
from tengjia.layers.pooling import POOLINGS
from tengjia.layers.pretrained_encoder import PretrainedEncoder
from tengjia.registry import models


@models.register("bert_classifier")
class BERTClassifier(Classifier):
    """Any Hugging Face encoder, one vector of the text, softmax (Devlin et al. 2019). Wants `optimizer.lr` of 3e-5 to
    2e-4.

    Args:
        config: Its parameters.
        inputs: The folder of the encoder, and the classes to score.
    """

    decoder = "classes"
    layered = True
    greatest_rate = 1e-3

    limits: ClassVar[Limits] = {
        "dropout": (0.0, 1.0),
    }

    @dataclass(frozen=True)
    class Config(PretrainedEncoder.Config):
        """Parameters of `bert_classifier`."""

        pooling: Literal["cls", "mean", "max"] = "cls"
        """What stands for the text: its first piece, or the mean or the greatest of all pieces."""
        dropout: float = 0.1
        """Share of the components dropped before the output in training."""

    def __init__(self, config: Config, *, inputs: Inputs) -> None:
        super().__init__(inputs.labels)
        self.encoder = PretrainedEncoder(config, inputs)
        self.pool = POOLINGS[config.pooling]
        self.dropout = Dropout(config.dropout)
        self.output = nn.Linear(self.encoder.width, len(inputs.labels))
        self.rates = self.encoder.rates("encoder", config.layer_decay) | {"output": config.head_rate}
        freeze(self, (*self.encoder.lowest("encoder", config.frozen_layers), *config.freeze))

    def forward(self, batch: Batch) -> Tensor:
        """Scores `[B, C]` of each class."""
        text = self.pool(self.encoder(batch.ids, batch.mask), batch.mask)
        scores: Tensor = self.output(self.dropout(text))
        return scores
