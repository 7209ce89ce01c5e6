"""A small transformer, trained from scratch, that says what a text is: `model=transformer_classifier`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from torch import Tensor, nn

from tengjia.config.parameters import Limits
from tengjia.contracts import Batch, Inputs
from tengjia.errors import ConfigurationError
from tengjia.layers.classifier import Classifier
from tengjia.layers.dropout import Dropout
from tengjia.layers.embedding import Embedding
from tengjia.layers.parameter_groups import freeze
from tengjia.layers.pooling import POOLINGS
from tengjia.layers.transformer import TransformerEncoder
from tengjia.registry import models


@models.register("transformer_classifier")
class TransformerClassifier(Classifier):
    """Embedding, transformer encoder, one vector of the text (Vaswani et al. 2017). Mostly a student of a greater one.

    Args:
        config: Its parameters.
        inputs: What it reads and the classes it scores.
    """

    decoder = "classes"
    layered = True

    limits: ClassVar[Limits] = {
        "hidden_size": (1, None),
        "layers": (1, None),
        "heads": (1, None),
        "feed_forward_size": (1, None),
        "reach": (1, None),
        "dropout": (0.0, 1.0),
        "attention_dropout": (0.0, 1.0),
    }

    @dataclass(frozen=True)
    class Config(Embedding.Config):
        """Parameters of `transformer_classifier`."""

        hidden_size: int = 128
        """Width of the encoder; divisible by `heads`, and even with sinusoidal positions."""
        layers: int = 2
        """Layers of the encoder."""
        heads: int = 4
        """Attention heads of a layer."""
        feed_forward_size: int = 256
        """Width inside the feed-forward nets."""
        positions: Literal["relative", "sinusoidal"] = "relative"
        """How a piece is told where another stands."""
        reach: int = 16
        """Distance beyond which relative positions are alike."""
        pooling: Literal["cls", "mean", "max"] = "mean"
        """What stands for the text: its first piece, or the mean or the greatest of all pieces."""
        embedding_dropout: float = 0.1
        dropout: float = 0.1
        """Share of the components dropped after each part and before the output in training."""
        attention_dropout: float = 0.0
        """Share of attention weights dropped in training."""
        freeze: tuple[str, ...] = ()
        """Parts that do not learn, by parameter name (`embedding`, `encoder.layers.0`, `*.bias`)."""

    def __init__(self, config: Config, *, inputs: Inputs) -> None:
        sinusoidal = config.positions == "sinusoidal"
        if config.hidden_size % config.heads or (sinusoidal and config.hidden_size % 2):
            raise ConfigurationError(
                "model.heads", key="model.heads", found=config.heads, hidden_size=config.hidden_size
            )
        super().__init__(inputs.labels)
        self.embedding = Embedding(config, inputs)
        self.encoder = TransformerEncoder(
            self.embedding.width,
            config.hidden_size,
            layers=config.layers,
            heads=config.heads,
            feed_forward_size=config.feed_forward_size,
            dropout=config.dropout,
            attention_dropout=config.attention_dropout,
            positions=config.positions,
            reach=config.reach,
        )
        self.pool = POOLINGS[config.pooling]
        self.dropout = Dropout(config.dropout)
        self.output = nn.Linear(self.encoder.width, len(inputs.labels))
        freeze(self, config.freeze)

    def forward(self, batch: Batch) -> Tensor:
        """Scores `[B, C]` of each class."""
        text = self.pool(self.encoder(self.embedding(batch), batch.mask), batch.mask)
        scores: Tensor = self.output(self.dropout(text))
        return scores
