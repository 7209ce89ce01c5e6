"""Each first text shall find its own second text among those of the batch: `criterion=ranking`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import torch
from torch import Tensor
from torch.nn import functional

from tengjia.config.parameters import Limits
from tengjia.layers.comparison import unit
from tengjia.layers.negatives import fitting, require_plain_comparison, strangers
from tengjia.registry import criteria


@criteria.register("ranking")
class Ranking:
    """Multiple negatives ranking (Henderson et al. 2017; van den Oord et al. 2018): a softmax over cosines, summed.

    Second texts of the same first text are left out of its softmax, for they may fit too. The third texts of the
    examples stand beside the second ones, as wrong ones for everybody.

    Args:
        config: Its parameters.
        model: Must compare by cosine.

    Raises:
        ConfigurationError: The model has a learned comparison.
    """

    decoder = "vectors"
    in_batch = True

    limits: ClassVar[Limits] = {"temperature": (0, None), "least": (0.0, 1.0)}

    @dataclass(frozen=True)
    class Config:
        """Parameters of `ranking`."""

        temperature: float = 0.05
        """Cosines are divided by it: small values look at the hardest texts only."""
        symmetric: bool = False
        """Whether each second text shall find its first one too."""
        least: float = 0.5
        """From this score on, 0 to 1, the texts of a pair fit; other pairs only lend their texts as wrong ones."""

    def __init__(self, config: Config, *, model: Any) -> None:
        require_plain_comparison(model, "ranking")
        self.config = config

    def __call__(self, found: tuple[Tensor, ...], target: Tensor | None, groups: Tensor | None) -> Tensor:
        """The summed loss (scalar) of vectors `[B, H]` of first, second and perhaps third texts."""
        first, second = unit(found[0]), unit(found[1])
        count = len(first)
        scores = first @ second.T / self.config.temperature
        fits = fitting(count, target, self.config.least, scores)
        allowed = strangers(fits, groups) | torch.eye(count, dtype=torch.bool, device=first.device)
        loss = (fits * self._each(self._with_third(scores, first, found), allowed)).sum()
        if self.config.symmetric:
            loss = (loss + (fits * self._each(scores.T, allowed)).sum()) / 2
        return loss

    def _with_third(self, scores: Tensor, first: Tensor, found: tuple[Tensor, ...]) -> Tensor:
        if len(found) < 3:
            return scores
        return torch.cat([scores, first @ unit(found[2]).T / self.config.temperature], 1)

    def _each(self, scores: Tensor, allowed: Tensor) -> Tensor:
        """Loss `[B]` of scores `[B, N]`, whose right column is that of the row."""
        kept = functional.pad(allowed, (0, scores.shape[1] - allowed.shape[1]), value=True)
        rows = torch.arange(len(scores), device=scores.device)
        return functional.cross_entropy(scores.masked_fill(~kept, -torch.inf), rows, reduction="none")
