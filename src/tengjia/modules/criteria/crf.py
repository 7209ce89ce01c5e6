"""Negative log likelihood of the gold tags under the model's CRF: `criterion=crf`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from torch import Tensor

from tengjia.registry import criteria


@criteria.register("crf")
class CRFLoss:
    """For models with a CRF: minus the log probability of each sequence of gold tags, summed over the batch.

    Args:
        config: Its parameters (none).
        model: A model with an attribute `crf`.
    """

    decoder = "crf"

    @dataclass(frozen=True)
    class Config:
        """`crf` has no parameters."""

    def __init__(self, config: Config, *, model: Any) -> None:
        self.crf = model.crf

    def __call__(self, scores: Tensor, labels: Tensor, mask: Tensor) -> Tensor:
        """The summed loss (scalar) of scores `[B, T, C]` against labels `[B, T]` where `mask` `[B, T]` is true."""
        total: Tensor = self.crf.negative_log_likelihood(scores, labels, mask).sum()
        return total
