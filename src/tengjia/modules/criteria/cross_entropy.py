"""Cross entropy of each tag by itself: `criterion=cross_entropy`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from torch import Tensor
from torch.nn import functional

from tengjia.config.parameters import Limits
from tengjia.layers.precision import in_full
from tengjia.registry import criteria


@criteria.register("cross_entropy")
class CrossEntropy:
    """For models without a CRF: cross entropy, if wanted with label smoothing (Szegedy et al. 2016), summed over units.

    Args:
        config: Its parameters.
        model: Not needed; every criterion gets it.
    """

    decoder = "softmax"

    limits: ClassVar[Limits] = {
        "label_smoothing": (0.0, 1.0),
    }

    @dataclass(frozen=True)
    class Config:
        """Parameters of `cross_entropy`."""

        label_smoothing: float = 0.0
        """Share of the probability that is spread evenly over all tags, 0 to 1."""
        ignored_index: int = -100
        """A label that does not count, wherever it stands; padding never counts anyway."""

    def __init__(self, config: Config, *, model: Any) -> None:
        self.config = config

    def __call__(self, scores: Tensor, labels: Tensor, mask: Tensor) -> Tensor:
        """The summed loss (scalar) of scores `[B, T, C]` against labels `[B, T]` where `mask` `[B, T]` is true."""
        ignored = self.config.ignored_index
        return functional.cross_entropy(
            in_full(scores).flatten(0, 1),
            labels.masked_fill(~mask, ignored).flatten(),
            ignore_index=ignored,
            label_smoothing=self.config.label_smoothing,
            reduction="sum",
        )
