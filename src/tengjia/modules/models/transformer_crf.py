"""A transformer trained from scratch, with a conditional random field: `model=transformer_crf`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from torch import Tensor, nn

from tengjia.config.parameters import Limits
from tengjia.contracts import Batch, Inputs
from tengjia.errors import ConfigurationError
from tengjia.layers.embedding import Embedding
from tengjia.layers.parameter_groups import freeze
from tengjia.layers.tagger import CRFTagger
from tengjia.layers.transformer import TransformerEncoder
from tengjia.layers.units import at_units
from tengjia.registry import models


@models.register("transformer_crf")
class TransformerCRF(CRFTagger):
    """Embedding, transformer encoder, CRF. Tagging needs relative positions (Yan et al. 2019, "TENER").

    Args:
        config: Its parameters.
        inputs: What it reads and the tags it scores.
    """

    decoder = "crf"

    limits: ClassVar[Limits] = {
        "hidden_size": (1, None),
        "layers": (1, None),
        "heads": (1, None),
        "feed_forward_size": (1, None),
        "reach": (1, None),
        "dropout": (0.0, 1.0),
        "attention_dropout": (0.0, 1.0),
        "crf_rate": (0, None),
    }

    @dataclass(frozen=True)
    class Config(Embedding.Config):
        """Parameters of `transformer_crf`."""

        hidden_size: int = 160
        """Width of the encoder; divisible by `heads`."""
        layers: int = 2
        """Layers of the encoder."""
        heads: int = 8
        """Attention heads of a layer."""
        feed_forward_size: int = 320
        """Width inside the feed-forward nets."""
        positions: Literal["relative", "sinusoidal"] = "relative"
        """How a piece is told where another stands."""
        reach: int = 16
        """Distance beyond which relative positions are alike."""
        embedding_dropout: float = 0.3
        dropout: float = 0.2
        """Share of the components dropped after each part in training."""
        attention_dropout: float = 0.0
        """Share of attention weights dropped in training."""
        constraints: bool = True
        """Whether tag sequences that the label scheme forbids are impossible."""
        crf_rate: float = 1.0
        """Multiplier of the learning rate of the CRF's own parameters."""
        freeze: tuple[str, ...] = ()
        """Parts that do not learn, by parameter name (`embedding`, `encoder.layers.0`, `*.bias`)."""

    def __init__(self, config: Config, *, inputs: Inputs) -> None:
        if config.hidden_size % config.heads:
            raise ConfigurationError(
                "model.heads", key="model.heads", found=config.heads, hidden_size=config.hidden_size
            )
        super().__init__(inputs.labels, constraints=config.constraints)
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
        self.output = nn.Linear(self.encoder.width, len(inputs.labels))
        self.rates = {"crf": config.crf_rate}
        freeze(self, config.freeze)

    def forward(self, batch: Batch) -> Tensor:
        """Scores `[B, T, C]` of each tag at each unit."""
        scores: Tensor = self.output(self.encoder(self.embedding(batch), batch.mask))
        return at_units(scores, batch.units)
