"""A linear classifier over n-grams, weighted by what they tell: `model=ngram_linear`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor, nn

from tengjia.config.parameters import Limits
from tengjia.contracts import Batch, Inputs
from tengjia.layers.classifier import Classifier
from tengjia.layers.ngram_weights import NgramWeights
from tengjia.layers.parameter_groups import freeze
from tengjia.registry import models


@models.register("ngram_linear")
class NgramLinear(Classifier):
    """Logistic regression over what naive Bayes weighs (Wang and Manning 2012, "Baselines and Bigrams").

    Trains in seconds, and is the score that every other model has to beat. Before training it counts the n-grams of the
    training part (`contracts.Counting`). Wants `optimizer.lr` of 1e-2 to 1e-1, and few epochs.

    Args:
        config: Its parameters.
        inputs: What it reads and the classes it scores.
    """

    decoder = "classes"

    limits: ClassVar[Limits] = {
        "longest": (1, 10),
        "buckets": (1, None),
        "minimum_count": (1, None),
    }

    @dataclass(frozen=True)
    class Config:
        """Parameters of `ngram_linear`."""

        longest: int = 3
        """Pieces of the longest n-grams; 1: only pieces."""
        buckets: int = 262144
        """Weights of each class that the n-grams share: n-grams have no vocabulary, each is hashed to one of them. More
        keep n-grams apart, and cost memory (12 bytes times classes while it is trained)."""
        minimum_count: int = 2
        """N-grams that fewer texts of the training part have are passed over."""
        freeze: tuple[str, ...] = ()
        """Parts that do not learn, by parameter name (`weights`, `border`)."""

    def __init__(self, config: Config, *, inputs: Inputs) -> None:
        super().__init__(inputs.labels)
        classes = len(inputs.labels)
        self.telling = NgramWeights(
            classes, longest=config.longest, buckets=config.buckets, minimum_count=config.minimum_count
        )
        self.weights = nn.Parameter(torch.zeros(config.buckets, classes))
        self.border = nn.Parameter(torch.zeros(classes))
        freeze(self, config.freeze)

    def count(self, batches: Iterable[Batch]) -> None:
        """Count the n-grams of the training part (`contracts.Counting`)."""
        self.telling.count(batches)

    def forward(self, batch: Batch) -> Tensor:
        """Scores `[B, C]` of each class."""
        texts, codes, told = self.telling(batch)
        scores = torch.zeros(len(batch.ids), len(self.border), device=told.device)
        return scores.index_add(0, texts, told * self.weights[codes]) + self.border
