"""Cross entropy of each class by itself, for texts with several classes: `criterion=binary_cross_entropy`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from torch import Tensor
from torch.nn import functional

from tengjia.config.parameters import Limits
from tengjia.layers.class_weights import positive_weights
from tengjia.layers.precision import in_full
from tengjia.registry import criteria


@criteria.register("binary_cross_entropy")
class BinaryCrossEntropy:
    """For several classes, or none: whether a text has each of them, summed over texts and classes.

    Args:
        config: Its parameters.
        model: Its `labels` are asked for when classes do not count alike.
    """

    decoder = "classes"
    answers = ("several",)

    limits: ClassVar[Limits] = {
        "label_smoothing": (0.0, 1.0),
    }

    @dataclass(frozen=True)
    class Config:
        """Parameters of `binary_cross_entropy`."""

        label_smoothing: float = 0.0
        """How far a known yes or no is drawn towards one half, 0 to 1."""
        class_weights: Literal["none", "balanced"] = "none"
        """Whether the texts that have a class count as much together as those that have not (`balanced`)."""
        weight_of: dict[str, float] = field(default_factory=dict)
        """By how much it counts more or less to have a class, by name; all others 1."""

    def __init__(self, config: Config, *, model: Any) -> None:
        self.config = config
        self.weights = positive_weights(model, config.class_weights, config.weight_of)

    def __call__(self, scores: Tensor, labels: Tensor, mask: Tensor) -> Tensor:
        """The summed loss (scalar) of scores `[B, C]` against labels `[B, C]` (0 or 1) where `mask` `[B]` is true."""
        scores, smoothing = in_full(scores[mask]), self.config.label_smoothing
        wanted = labels[mask].to(scores.dtype) * (1.0 - smoothing) + smoothing / 2.0
        weights = None if self.weights is None else self.weights.to(scores)
        return functional.binary_cross_entropy_with_logits(scores, wanted, pos_weight=weights, reduction="sum")
