"""A bag of pieces and n-grams of pieces: `model=fasttext`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from torch import Tensor, nn

from tengjia.config.parameters import Limits
from tengjia.contracts import Batch, Inputs
from tengjia.layers.classifier import Classifier
from tengjia.layers.dropout import Dropout
from tengjia.layers.embedding import Embedding
from tengjia.layers.ngram_bag import NgramBag
from tengjia.layers.parameter_groups import freeze
from tengjia.registry import models


@models.register("fasttext")
class FastText(Classifier):
    """The mean of the vectors of all pieces and n-grams, and a linear layer (Joulin et al. 2016, "Bag of Tricks ...").

    What an n-gram is made of, the tokenizer says: characters with `character`, words with `jieba` or `whitespace`.
    N-grams have no vocabulary: each is hashed to one of `buckets` vectors.

    Args:
        config: Its parameters.
        inputs: What it reads and the classes it scores.
    """

    decoder = "classes"

    limits: ClassVar[Limits] = {
        "embedding_size": (1, None),
        "longest": (1, 10),
        "buckets": (1, None),
        "dropout": (0.0, 1.0),
        "piece_dropout": (0.0, 1.0),
    }

    @dataclass(frozen=True)
    class Config:
        """Parameters of `fasttext`."""

        embedding_size: int = 64
        """Width of the vector of a piece and of an n-gram; pretrained vectors bring their own width."""
        longest: int = 3
        """Pieces of the longest n-grams; 1: no n-grams, only pieces."""
        buckets: int = 65536
        """Vectors that the n-grams share; fewer are smaller and quicker, more keep n-grams apart."""
        dropout: float = 0.3
        """Share of the components of the text's vector dropped in training."""
        piece_dropout: float = 0.0
        """Share of pieces replaced by the unknown one, and of n-grams left out, in training."""
        freeze: tuple[str, ...] = ()
        """Parts that do not learn, by parameter name (`embedding`, `ngrams`, `*.bias`)."""

    def __init__(self, config: Config, *, inputs: Inputs) -> None:
        super().__init__(inputs.labels)
        pieces = Embedding.Config(config.embedding_size, 0, embedding_dropout=0.0, piece_dropout=config.piece_dropout)
        self.embedding = Embedding(pieces, inputs)
        self.ngrams = NgramBag(
            self.embedding.width, longest=config.longest, buckets=config.buckets, dropout=config.piece_dropout
        )
        self.dropout = Dropout(config.dropout)
        self.output = nn.Linear(self.embedding.width, len(inputs.labels))
        freeze(self, config.freeze)

    def forward(self, batch: Batch) -> Tensor:
        """Scores `[B, C]` of each class."""
        pieces = self.embedding(batch).masked_fill(~batch.mask[..., None], 0.0).sum(1)
        ngrams, count = self.ngrams(batch.ids, batch.mask)
        mean = (pieces + ngrams) / (batch.mask.sum(1) + count).clamp(min=1)[:, None]
        scores: Tensor = self.output(self.dropout(mean))
        return scores
