"""Fitting texts shall lie together, others apart: `criterion=contrastive`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from torch import Tensor

from tengjia.config.parameters import Limits
from tengjia.layers.comparison import cosine
from tengjia.layers.negatives import require_plain_comparison
from tengjia.layers.precision import in_full
from tengjia.registry import criteria


@criteria.register("contrastive")
class Contrastive:
    """`t d^2 + (1 - t) max(0, margin - d)^2` for a pair that fits to the degree t (Hadsell et al. 2006), summed.

    A third text of an example is a pair with t = 0.

    Args:
        config: Its parameters.
        model: Must compare by cosine.

    Raises:
        ConfigurationError: The model has a learned comparison.
    """

    decoder = "vectors"

    limits: ClassVar[Limits] = {"margin": (0.0, None)}

    @dataclass(frozen=True)
    class Config:
        """Parameters of `contrastive`."""

        margin: float = 0.5
        """Texts that do not fit shall lie at least so far apart."""
        distance: Literal["cosine", "euclidean"] = "cosine"
        """How far apart two vectors are: one less their cosine (0 to 2), or Euclid's distance."""

    def __init__(self, config: Config, *, model: Any) -> None:
        require_plain_comparison(model, "contrastive")
        self.config = config

    def __call__(self, found: tuple[Tensor, ...], target: Tensor | None, groups: Tensor | None) -> Tensor:
        """The summed loss (scalar) of vectors `[B, H]` of first, second and perhaps third texts."""
        square, hinge = self._parts(found[0], found[1])
        fits = square.new_ones(len(square)) if target is None else target.to(square.dtype)
        loss = (fits * square + (1 - fits) * hinge).sum()
        return loss + self._parts(found[0], found[2])[1].sum() if len(found) > 2 else loss

    def _parts(self, first: Tensor, second: Tensor) -> tuple[Tensor, Tensor]:
        """The square of the distance, and of what it lacks of the margin."""
        if self.config.distance == "cosine":
            distance = 1 - cosine(first, second)
        else:
            distance = ((in_full(first) - in_full(second)) ** 2).sum(-1).clamp(min=1e-12).sqrt()
        return distance**2, (self.config.margin - distance).clamp(min=0) ** 2
