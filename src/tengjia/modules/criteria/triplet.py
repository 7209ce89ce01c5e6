"""A fitting text shall lie nearer than one that does not, by a margin: `criterion=triplet`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import torch
from torch import Tensor

from tengjia.config.parameters import Limits
from tengjia.layers.comparison import unit
from tengjia.layers.negatives import fitting, require_plain_comparison, strangers
from tengjia.layers.precision import in_full
from tengjia.registry import criteria


@criteria.register("triplet")
class Triplet:
    """`max(0, d(first, second) - d(first, wrong) + margin)` (Schroff et al. 2015), summed over the fitting pairs.

    The wrong text is the third of an example (given by the corpus, or mined by `callbacks.hard_negatives`); where the
    examples have none, it is looked for among the second texts of the batch that belong to other first texts.

    Args:
        config: Its parameters.
        model: Must compare by cosine.

    Raises:
        ConfigurationError: The model has a learned comparison.
    """

    decoder = "vectors"
    in_batch = True

    limits: ClassVar[Limits] = {"margin": (0.0, None), "least": (0.0, 1.0)}

    @dataclass(frozen=True)
    class Config:
        """Parameters of `triplet`."""

        margin: float = 0.3
        """By how much the wrong text shall lie farther away."""
        distance: Literal["cosine", "euclidean"] = "cosine"
        """How far apart two vectors are: one less their cosine (0 to 2), or Euclid's distance."""
        negatives: Literal["semi_hard", "hardest", "all"] = "semi_hard"
        """Which wrong text of a batch counts: the nearest of those farther away than the right one (of none, the
        farthest), the nearest of all, or the mean of all."""
        least: float = 0.5
        """From this score on, 0 to 1, the texts of a pair fit; other pairs only lend their texts as wrong ones."""

    def __init__(self, config: Config, *, model: Any) -> None:
        require_plain_comparison(model, "triplet")
        self.config = config

    def __call__(self, found: tuple[Tensor, ...], target: Tensor | None, groups: Tensor | None) -> Tensor:
        """The summed loss (scalar) of vectors `[B, H]` of first, second and perhaps third texts."""
        first, second = found[:2]
        near = self._distance(first, second)
        counts = fitting(len(first), target, self.config.least, near)
        if len(found) > 2:
            return (counts * self._hinge(near, self._distance(first, found[2]))).sum()
        far = self._all_distances(first, second)
        return (counts * self._of_batch(near, far, strangers(counts, groups))).sum()

    def _of_batch(self, near: Tensor, far: Tensor, wrong: Tensor) -> Tensor:
        """Loss `[B]` of each pair, with wrong texts from the batch; 0 where there is none."""
        there = wrong.any(1)
        if self.config.negatives == "all":
            each = self._hinge(near[:, None], far) * wrong
            return each.sum(1) / wrong.sum(1).clamp(min=1)
        nearest = far.masked_fill(~wrong, torch.inf).amin(1)
        if self.config.negatives == "semi_hard":
            beyond = wrong & (far > near[:, None])
            farthest = far.masked_fill(~wrong, -torch.inf).amax(1)
            nearest = torch.where(beyond.any(1), far.masked_fill(~beyond, torch.inf).amin(1), farthest)
        return self._hinge(near, torch.where(there, nearest, near + self.config.margin))

    def _hinge(self, near: Tensor, far: Tensor) -> Tensor:
        return (near - far + self.config.margin).clamp(min=0)

    def _distance(self, first: Tensor, second: Tensor) -> Tensor:
        if self.config.distance == "cosine":
            return 1 - (unit(first) * unit(second)).sum(-1)
        return _root(((in_full(first) - in_full(second)) ** 2).sum(-1))

    def _all_distances(self, first: Tensor, second: Tensor) -> Tensor:
        """`[B, B]`: from first text i to second text j."""
        if self.config.distance == "cosine":
            return 1 - unit(first) @ unit(second).T
        first, second = in_full(first), in_full(second)
        squares = (first**2).sum(-1)[:, None] + (second**2).sum(-1)[None, :] - 2 * first @ second.T
        return _root(squares)


def _root(squares: Tensor) -> Tensor:
    """The root, whose gradient at 0 is 0 and not infinite."""
    return squares.clamp(min=1e-12).sqrt()
