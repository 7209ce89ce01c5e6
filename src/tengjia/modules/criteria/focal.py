"""Cross entropy that looks at what is hard: `criterion=focal`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from torch import Tensor
from torch.nn import functional

from tengjia.config.parameters import Limits
from tengjia.layers.precision import in_full
from tengjia.registry import criteria


@criteria.register("focal")
class Focal:
    """For models without a CRF: `-(1 - p) ** gamma * log p` of the gold tag (Lin et al. 2017), summed over units.

    Args:
        config: Its parameters.
        model: Not needed; every criterion gets it.
    """

    decoder = "softmax"

    limits: ClassVar[Limits] = {
        "gamma": (0.0, None),
    }

    @dataclass(frozen=True)
    class Config:
        """Parameters of `focal`."""

        gamma: float = 2.0
        """How much less a unit counts that is already right; 0 is cross entropy."""
        ignored_index: int = -100
        """A label that does not count, wherever it stands; padding never counts anyway."""

    def __init__(self, config: Config, *, model: Any) -> None:
        self.config = config

    def __call__(self, scores: Tensor, labels: Tensor, mask: Tensor) -> Tensor:
        """The summed loss (scalar) of scores `[B, T, C]` against labels `[B, T]` where `mask` `[B, T]` is true."""
        chosen = mask & (labels != self.config.ignored_index)
        logs = functional.log_softmax(in_full(scores[chosen]), -1)
        log = logs.gather(1, labels[chosen][:, None])[:, 0]
        return -((-log.expm1()).clamp(min=0.0) ** self.config.gamma * log).sum()
