"""Dilated convolutions with a conditional random field: `model=cnn_crf`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from torch import Tensor, nn

from tengjia.config.parameters import Limits
from tengjia.contracts import Batch, Inputs
from tengjia.layers.dilated_cnn import DilatedCNN
from tengjia.layers.embedding import Embedding
from tengjia.layers.parameter_groups import freeze
from tengjia.layers.tagger import CRFTagger
from tengjia.layers.units import at_units
from tengjia.registry import models


@models.register("cnn_crf")
class CNNCRF(CRFTagger):
    """Embedding, dilated convolutions, CRF (Strubell et al. 2017): no recurrence, so long texts go fast.

    Args:
        config: Its parameters.
        inputs: What it reads and the tags it scores.
    """

    decoder = "crf"

    limits: ClassVar[Limits] = {
        "hidden_size": (1, None),
        "kernel_size": (1, None),
        "dilations": (1, None),
        "blocks": (1, None),
        "dropout": (0.0, 1.0),
        "crf_rate": (0, None),
    }

    @dataclass(frozen=True)
    class Config(Embedding.Config):
        """Parameters of `cnn_crf`."""

        hidden_size: int = 192
        """Width of the convolutions."""
        kernel_size: int = 3
        """Units that a convolution sees; odd."""
        dilations: tuple[int, ...] = (1, 2, 4)
        """Distance between these units, one number a layer."""
        blocks: int = 2
        """How often the row of layers is repeated."""
        dropout: float = 0.3
        """Share of the components dropped after each layer in training."""
        constraints: bool = True
        """Whether tag sequences that the label scheme forbids are impossible."""
        crf_rate: float = 1.0
        """Multiplier of the learning rate of the CRF's own parameters."""
        freeze: tuple[str, ...] = ()
        """Parts that do not learn, by parameter name (`embedding`, `cnn.layers.0`, `*.bias`)."""

    def __init__(self, config: Config, *, inputs: Inputs) -> None:
        super().__init__(inputs.labels, constraints=config.constraints)
        self.embedding = Embedding(config, inputs)
        self.cnn = DilatedCNN(
            self.embedding.width,
            config.hidden_size,
            kernel_size=config.kernel_size,
            dilations=config.dilations,
            blocks=config.blocks,
            dropout=config.dropout,
        )
        self.output = nn.Linear(self.cnn.width, len(inputs.labels))
        self.rates = {"crf": config.crf_rate}
        freeze(self, config.freeze)

    def forward(self, batch: Batch) -> Tensor:
        """Scores `[B, T, C]` of each tag at each unit."""
        scores: Tensor = self.output(self.cnn(self.embedding(batch), batch.mask))
        return at_units(scores, batch.units)
