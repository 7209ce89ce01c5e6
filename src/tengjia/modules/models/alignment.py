"""A regression on how much of each text stands in the other, by its pieces: `model=alignment`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from torch import Tensor, nn

from tengjia.config.parameters import Limits
from tengjia.contracts import Batch, Inputs
from tengjia.layers import coverage
from tengjia.layers.comparison import unit
from tengjia.layers.embedding import Embedding
from tengjia.layers.measured_score import MeasuredScore
from tengjia.layers.parameter_groups import freeze
from tengjia.layers.piece_weights import PieceWeights
from tengjia.registry import models


@models.register("alignment")
class Alignment(nn.Module):
    """Few parameters for few examples: what graders of short answers measure (Sultan, Salazar and Sumner 2016).

    Of both texts it is measured how much stands in the other one, piece by piece: the same piece, the piece with the
    nearest vector, only near ones, with `encoding.stems` also what begins alike; and with `encoding.context` all of it
    once more without what stands in a question. Rare pieces count more.

    Args:
        config: Its parameters.
        inputs: What it reads.
    """

    decoder = "score"

    limits: ClassVar[Limits] = {
        "near": (0.0, 1.0),
        "hidden_size": (0, None),
        "dropout": (0.0, 1.0),
    }

    @dataclass(frozen=True)
    class Config(Embedding.Config):
        """Parameters of `alignment`."""

        feature_size: int = 0
        """Width of the vector of each further input of the encoding (character bigrams) in the likeness of pieces."""
        near: float = 0.75
        """Pieces with this cosine count as near ones."""
        rarity: bool = True
        """Whether pieces that are rare in the training part count more; else all count alike."""
        hidden_size: int = 0
        """Width of the hidden layer of the regression; 0: none."""
        dropout: float = 0.0
        """Share of the measures dropped in training."""
        embedding_dropout: float = 0.0
        freeze: tuple[str, ...] = ()
        """Parts that do not learn, by parameter name (`embedding`, `*.bias`)."""

    def __init__(self, config: Config, *, inputs: Inputs) -> None:
        super().__init__()
        self.near = config.near
        self.embedding = Embedding(config, inputs)
        self.weights = PieceWeights(inputs.pieces, rarity=config.rarity)
        self.has_stems, self.has_context = "stems" in inputs.features, "given" in inputs.features
        count = coverage.measures(3 + self.has_stems, self.has_context)
        self.score = MeasuredScore(count, hidden_size=config.hidden_size, dropout=config.dropout)
        freeze(self, config.freeze)

    def forward(self, batch: Batch) -> Tensor:
        """A score `[B]`, 0 to 1, of each pair of texts, which `features["segments"]` tells apart."""
        pieces = self.embedding(batch)
        directions = unit(pieces)
        soft = (directions @ directions.transpose(1, 2)).clamp(min=0.0)
        likenesses = [coverage.same_pieces(batch.ids), soft, soft * (soft >= self.near)]
        if self.has_stems:
            likenesses.append(coverage.same_pieces(batch.features["stems"]))
        texts = coverage.sides(batch.mask, batch.features)
        given = batch.features["given"] == coverage.GIVEN if self.has_context else None
        measured = coverage.coverage(likenesses, self.weights(batch.ids, texts), texts, given)
        result: Tensor = self.score(measured)
        return result
