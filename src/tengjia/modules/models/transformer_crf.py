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
        "embedding_size": (1, None),
        "feature_size": (0, None),
        "extra_embedding_size": (0, None),
        "hidden_size": (1, None),
        "layers": (1, None),
        "heads": (1, None),
        "feed_forward_size": (1, None),
        "reach": (1, None),
        "embedding_dropout": (0.0, 1.0),
        "dropout": (0.0, 1.0),
        "attention_dropout": (0.0, 1.0),
        "piece_dropout": (0.0, 1.0),
        "crf_rate": (0, None),
    }

    @dataclass(frozen=True)
    class Config:
        """Parameters of `transformer_crf`."""

        embedding_size: int = 128
        """Width of a piece's vector; pretrained vectors bring their own width."""
        feature_size: int = 64
        """Width of the vector of each further input of the encoding (character bigrams); 0 leaves them out."""
        extra_embedding_size: int = 0
        """Width of a second, trained vector of each piece, beside pretrained ones; 0 for none."""
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
        """Share of the components of the embedding dropped in training."""
        dropout: float = 0.2
        """Share of the components dropped after each part in training."""
        attention_dropout: float = 0.0
        """Share of attention weights dropped in training."""
        variational_dropout: bool = False
        """Whether a dropped component of the embedding is dropped at all units of a sequence."""
        piece_dropout: float = 0.0
        """Share of pieces replaced by the unknown one in training."""
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
        self.embedding = Embedding(
            inputs,
            config.embedding_size,
            feature_size=config.feature_size,
            extra_size=config.extra_embedding_size,
            dropout=config.embedding_dropout,
            variational=config.variational_dropout,
            piece_dropout=config.piece_dropout,
        )
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
