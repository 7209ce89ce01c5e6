"""Convolutions of several widths, the strongest answer of each filter: `model=text_cnn`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from torch import Tensor, nn

from tengjia.config.parameters import Limits
from tengjia.contracts import Batch, Inputs
from tengjia.layers.classifier import Classifier
from tengjia.layers.dropout import Dropout
from tengjia.layers.embedding import Embedding
from tengjia.layers.parameter_groups import freeze
from tengjia.layers.window_cnn import WindowCNN
from tengjia.registry import models


@models.register("text_cnn")
class TextCNN(Classifier):
    """Embedding, convolutions, maximum over the text (Kim 2014, "Convolutional Neural Networks for Sentence ...").

    Args:
        config: Its parameters.
        inputs: What it reads and the classes it scores.
    """

    decoder = "classes"

    limits: ClassVar[Limits] = {
        "embedding_size": (1, None),
        "feature_size": (0, None),
        "extra_embedding_size": (0, None),
        "filters": (1, None),
        "embedding_dropout": (0.0, 1.0),
        "dropout": (0.0, 1.0),
        "piece_dropout": (0.0, 1.0),
    }

    @dataclass(frozen=True)
    class Config:
        """Parameters of `text_cnn`."""

        embedding_size: int = 128
        """Width of a piece's vector; pretrained vectors bring their own width."""
        feature_size: int = 64
        """Width of the vector of each further input of the encoding (character bigrams); 0 leaves them out."""
        extra_embedding_size: int = 0
        """Width of a second, trained vector of each piece, beside pretrained ones; 0 for none."""
        widths: tuple[int, ...] = (2, 3, 4)
        """How many pieces a filter sees; one bank of filters for each number."""
        filters: int = 128
        """Filters of each width."""
        embedding_dropout: float = 0.3
        """Share of the components of the embedding dropped in training."""
        dropout: float = 0.5
        """Share of the components dropped before the output in training."""
        variational_dropout: bool = False
        """Whether a dropped component of the embedding is dropped at all pieces of a text."""
        piece_dropout: float = 0.0
        """Share of pieces replaced by the unknown one in training."""
        freeze: tuple[str, ...] = ()
        """Parts that do not learn, by parameter name (`embedding`, `cnn.banks.0`, `*.bias`)."""

    def __init__(self, config: Config, *, inputs: Inputs) -> None:
        super().__init__(inputs.labels)
        self.embedding = Embedding(
            inputs,
            config.embedding_size,
            feature_size=config.feature_size,
            extra_size=config.extra_embedding_size,
            dropout=config.embedding_dropout,
            variational=config.variational_dropout,
            piece_dropout=config.piece_dropout,
        )
        self.cnn = WindowCNN(self.embedding.width, config.filters, widths=config.widths)
        self.dropout = Dropout(config.dropout)
        self.output = nn.Linear(self.cnn.width, len(inputs.labels))
        freeze(self, config.freeze)

    def forward(self, batch: Batch) -> Tensor:
        """Scores `[B, C]` of each class."""
        found = self.cnn(self.embedding(batch), batch.mask)
        scores: Tensor = self.output(self.dropout(found))
        return scores
