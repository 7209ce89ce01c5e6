"""Cross entropy that looks at what is hard: `criterion=focal`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from torch import Tensor
from torch.nn import functional

from tengjia.config.parameters import Limits
from tengjia.layers.class_weights import class_weights
from tengjia.layers.precision import in_full
from tengjia.registry import criteria


@criteria.register("focal")
class Focal:
    """For one class of all or several: `-(1 - p) ** gamma * log p` of what is right (Lin et al. 2017), summed.

    Args:
        config: Its parameters.
        model: Its `labels` are asked for when classes do not count alike.
    """

    decoder = ("softmax", "classes")
    answers = ("one", "several")

    limits: ClassVar[Limits] = {
        "gamma": (0.0, None),
    }

    @dataclass(frozen=True)
    class Config:
        """Parameters of `focal`."""

        gamma: float = 2.0
        """How much less a unit counts that is already right; 0 is cross entropy."""
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
            chosen_scores, wanted = in_full(scores[mask]), labels[mask] > 0.5
            logs = functional.logsigmoid(chosen_scores.where(wanted, -chosen_scores))
            loss = self._focused(logs)
            return (loss if self.weights is None else loss * self.weights.to(loss)).sum()
        chosen = mask & (labels != self.config.ignored_index)
        gold = labels[chosen]
        logs = functional.log_softmax(in_full(scores[chosen]), -1)
        loss = self._focused(logs.gather(1, gold[:, None])[:, 0])
        return (loss if self.weights is None else loss * self.weights.to(loss)[gold]).sum()

    def _focused(self, logs: Tensor) -> Tensor:
        return -((-logs.expm1()).clamp(min=0.0) ** self.config.gamma * logs)
