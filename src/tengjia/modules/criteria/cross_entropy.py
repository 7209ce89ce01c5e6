"""Cross entropy of each tag, or of the class of each text: `criterion=cross_entropy`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from torch import Tensor
from torch.nn import functional

from tengjia.config.parameters import Limits
from tengjia.layers.class_weights import class_weights
from tengjia.layers.precision import in_full
from tengjia.registry import criteria


@criteria.register("cross_entropy")
class CrossEntropy:
    """For one class of all: cross entropy, if wanted with label smoothing (Szegedy et al. 2016), summed over units.

    Args:
        config: Its parameters.
        model: Its `labels` are asked for when classes do not count alike.
    """

    decoder = ("softmax", "classes", "sequence")
    answers = ("one",)

    limits: ClassVar[Limits] = {
        "label_smoothing": (0.0, 1.0),
    }

    @dataclass(frozen=True)
    class Config:
        """Parameters of `cross_entropy`."""

        label_smoothing: float = 0.0
        """Share of the probability that is spread evenly over all tags or classes, 0 to 1."""
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
        """The summed loss (scalar) of scores `[..., C]` against labels `[...]` where `mask` `[...]` is true."""
        ignored = self.config.ignored_index
        scores = in_full(scores).flatten(0, -2)
        return functional.cross_entropy(
            scores,
            labels.masked_fill(~mask, ignored).flatten(),
            None if self.weights is None else self.weights.to(scores),
            ignore_index=ignored,
            label_smoothing=self.config.label_smoothing,
            reduction="sum",
        )
