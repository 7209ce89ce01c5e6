"""Evaluates and keeps a moving average of the weights instead of the last ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import torch

from tengjia.config.parameters import Limits
from tengjia.registry import callbacks
from tengjia.training.callback import Callback
from tengjia.training.context import Context
from tengjia.training.limits import require
from tengjia.training.snapshot import like, local


@callbacks.register("ema")
class ExponentialMovingAverage(Callback):
    """Evaluates, and keeps as best, an exponential moving average of the weights.

    After step n, `average = d * average + (1 - d) * weight` with `d = min(decay, (1 + n) / (10 + n))`, so that the
    first weights are soon forgotten (as TensorFlow's ExponentialMovingAverage does with `num_updates`).
    """

    limits: ClassVar[Limits] = {"decay": (0.0, 1.0)}

    @dataclass(frozen=True)
    class Config:
        enabled: bool = False
        """Whether to keep an average."""
        decay: float = 0.999
        """Share of the average that a step leaves; 0.999 remembers about 1000 steps."""

    order = 100

    def __init__(self, config: Config) -> None:
        require("callbacks.ema", self.limits, config)
        self.config = config
        self._average: dict[str, torch.Tensor] = {}
        self._aside: list[torch.Tensor] | None = None

    def on_fit_start(self, context: Context) -> None:
        """Begin with the weights, or go on with the average of the checkpoint."""
        self._average = {
            name: like(self._average.get(name, parameter.detach()), parameter.detach())
            for name, parameter in self._trained(context)
        }

    def on_step_end(self, context: Context) -> None:
        """Move the average towards the weights."""
        count = context.state.step
        share = 1 - min(self.config.decay, (1 + count) / (10 + count))
        torch._foreach_lerp_(self._parts(), self._weights(context), share)

    def on_evaluation_start(self, context: Context) -> None:
        """Put the average in the place of the weights."""
        weights = self._weights(context)
        self._aside = [weight.clone() for weight in weights]
        torch._foreach_copy_(weights, self._parts())

    def on_evaluation_exit(self, context: Context) -> None:
        """Put the weights back."""
        if self._aside is not None:
            torch._foreach_copy_(self._weights(context), self._aside)
            self._aside = None

    def tensors(self) -> dict[str, torch.Tensor]:
        """The average."""
        return self._average

    def load_tensors(self, tensors: Mapping[str, torch.Tensor]) -> None:
        """Take it back; `on_fit_start` puts it where the weights are."""
        self._average = dict(tensors)

    def _parts(self) -> list[torch.Tensor]:
        return [local(average) for average in self._average.values()]

    def _weights(self, context: Context) -> list[torch.Tensor]:
        return [local(parameter) for _, parameter in self._trained(context)]

    def _trained(self, context: Context) -> list[tuple[str, torch.nn.Parameter]]:
        return [(name, p) for name, p in context.unit.module.named_parameters() if p.requires_grad]
