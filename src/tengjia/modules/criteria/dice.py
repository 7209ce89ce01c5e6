"""A loss that measures overlap, for tags and classes that are rare: `criterion=dice`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

import torch
from torch import Tensor
from torch.nn import functional

from tengjia.config.parameters import Limits
from tengjia.layers.class_weights import class_weights
from tengjia.layers.precision import in_full
from tengjia.registry import criteria


@criteria.register("dice")
class Dice:
    """For one class of all or several: self-adjusting dice loss (Li et al. 2020, "Dice Loss for Data-imbalanced ...").

    Of each unit and tag, with probability p and y = 1 for the gold tag, else 0, and w = (1 - p) ** alpha:
    `1 - (2 w p y + smoothing) / (w p + y + smoothing)`, summed over tags and units. The weight w is held constant in
    the gradient: it says how much an example counts, and with its own gradient the best p of a gold tag would be 1/2.

    Args:
        config: Its parameters.
        model: Its `labels` are asked for when classes do not count alike.
    """

    decoder = ("softmax", "classes")
    answers = ("one", "several")

    limits: ClassVar[Limits] = {
        "alpha": (0.0, None),
        "smoothing": (0.0, None),
    }

    @dataclass(frozen=True)
    class Config:
        """Parameters of `dice`."""

        alpha: float = 0.6
        """How much less a unit counts that is already right; 0 is plain dice."""
        smoothing: float = 1.0
        """Added above and below, so that tags that are absent count too."""
        class_weights: Literal["none", "balanced"] = "none"
        """Whether rare classes count more, so that all count the same together (`balanced`)."""
        weight_of: dict[str, float] = field(default_factory=dict)
        """By how much single classes count more or less, by name (`{O: 0.5}`); all others 1."""
        ignored_index: int = -100
        """A label that does not count, wherever it stands; padding never counts anyway."""

    def __init__(self, config: Config, *, model: Any) -> None:
        self.config = config
        self.weights = class_weights(model, config.class_weights, config.weight_of)

    def __call__(self, scores: Tensor, labels: Tensor, mask: Tensor) -> Tensor:
        """The summed loss (scalar) of scores `[..., C]` where `mask` `[...]` is true.

        Args:
            scores: Of each tag or class.
            labels: `[...]` the right one, or `[..., C]` floats that say of each class whether it is right (0 or 1).
            mask: What counts.
        """
        if labels.is_floating_point():
            probability = torch.sigmoid(in_full(scores[mask]))
            gold = labels[mask].to(probability.dtype)
        else:
            chosen = mask & (labels != self.config.ignored_index)
            probability = torch.softmax(in_full(scores[chosen]), -1)
            gold = functional.one_hot(labels[chosen], scores.shape[-1]).to(probability.dtype)
        weighted = (1.0 - probability.detach()) ** self.config.alpha * probability
        smoothing = self.config.smoothing
        loss = 1.0 - (2.0 * weighted * gold + smoothing) / (weighted + gold + smoothing)
        return (loss if self.weights is None else loss * self.weights.to(loss)).sum()
