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
        "filters": (1, None),
        "dropout": (0.0, 1.0),
    }

    @dataclass(frozen=True)
    class Config(Embedding.Config):
        """Parameters of `text_cnn`."""

        widths: tuple[int, ...] = (2, 3, 4)
        """How many pieces a filter sees; one bank of filters for each number."""
        filters: int = 128
        """Filters of each width."""
        embedding_dropout: float = 0.3
        dropout: float = 0.5
        """Share of the components dropped before the output in training."""
        freeze: tuple[str, ...] = ()
        """Parts that do not learn, by parameter name (`embedding`, `cnn.banks.0`, `*.bias`)."""

    def __init__(self, config: Config, *, inputs: Inputs) -> None:
        super().__init__(inputs.labels)
        self.embedding = Embedding(config, inputs)
        self.cnn = WindowCNN(self.embedding.width, config.filters, widths=config.widths)
        self.dropout = Dropout(config.dropout)
        self.output = nn.Linear(self.cnn.width, len(inputs.labels))
        freeze(self, config.freeze)

    def forward(self, batch: Batch) -> Tensor:
        """Scores `[B, C]` of each class."""
        found = self.cnn(self.embedding(batch), batch.mask)
        scores: Tensor = self.output(self.dropout(found))
        return scores
