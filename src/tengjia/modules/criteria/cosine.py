"""The cosine of two texts shall be their score: `criterion=cosine`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from torch import Tensor

from tengjia.config.parameters import Limits
from tengjia.layers.comparison import cosine
from tengjia.layers.negatives import require_plain_comparison
from tengjia.registry import criteria


@criteria.register("cosine")
class Cosine:
    """Squared error of the cosine (Reimers and Gurevych 2019, regression objective), summed over the pairs.

    A third text of an example is a pair that does not fit.

    Args:
        config: Its parameters.
        model: Must compare by cosine.

    Raises:
        ConfigurationError: The model has a learned comparison.
    """

    decoder = "vectors"

    limits: ClassVar[Limits] = {"lowest": (-1.0, 1.0)}

    @dataclass(frozen=True)
    class Config:
        """Parameters of `cosine`."""

        lowest: float = 0.0
        """The cosine of texts that do not fit at all; that of texts which mean the same is 1."""

    def __init__(self, config: Config, *, model: Any) -> None:
        require_plain_comparison(model, "cosine")
        self.config = config

    def __call__(self, found: tuple[Tensor, ...], target: Tensor | None, groups: Tensor | None) -> Tensor:
        """The summed loss (scalar) of vectors `[B, H]` of first, second and perhaps third texts."""
        near = cosine(found[0], found[1])
        fits = near.new_ones(len(near)) if target is None else target.to(near.dtype)
        lowest = self.config.lowest
        loss = ((near - (lowest + (1 - lowest) * fits)) ** 2).sum()
        return loss + ((cosine(found[0], found[2]) - lowest) ** 2).sum() if len(found) > 2 else loss
