"""Evaluates and keeps the mean of the last few weights instead of the last ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import torch

from tengjia.config.parameters import Limits
from tengjia.registry import callbacks
from tengjia.training.callback import Callback
from tengjia.training.context import Context
from tengjia.training.limits import require
from tengjia.training.snapshot import like, local


@callbacks.register("averaging")
class CheckpointAveraging(Callback):
    """Evaluates, and keeps as best, the mean of the weights at the last evaluations.

    What Vaswani et al. 2017 do with their last checkpoints, done while training goes on: so the mean is judged like any
    weights, the best mean is kept, and a resumed training has the same one. Training goes on with its own weights.
    """

    limits: ClassVar[Limits] = {"count": (1, 100)}

    @dataclass(frozen=True)
    class Config:
        enabled: bool = False
        """Whether to average."""
        count: int = 5
        """Weights of so many evaluations, the newest among them; each is held in memory, and in checkpoints."""

    order = 110

    def __init__(self, config: Config) -> None:
        require("callbacks.averaging", self.limits, config)
        self.config = config
        self._held: list[dict[str, torch.Tensor]] = []
        self._steps: list[int] = []
        self._aside: list[torch.Tensor] | None = None

    def on_fit_start(self, context: Context) -> None:
        """Put what a checkpoint held where the weights are."""
        named = dict(self._trained(context))
        self._held = [{name: like(held[name], named[name].detach()) for name in named} for held in self._held]

    def on_evaluation_start(self, context: Context) -> None:
        """Take in the weights, and put the mean in their place."""
        if context.state.step not in self._steps:  # an evaluation that was interrupted is made again
            self._held.append({name: parameter.detach().clone() for name, parameter in self._trained(context)})
            self._steps.append(context.state.step)
        self._held, self._steps = self._held[-self.config.count :], self._steps[-self.config.count :]
        weights = [local(parameter) for _, parameter in self._trained(context)]
        self._aside = [weight.clone() for weight in weights]
        for weight, (name, _) in zip(weights, self._trained(context), strict=True):
            # In double precision, so that the mean of equal weights is these weights.
            weight.copy_(torch.stack([local(held[name]).double() for held in self._held]).mean(0))

    def on_evaluation_exit(self, context: Context) -> None:
        """Put the weights back."""
        if self._aside is not None:
            torch._foreach_copy_([local(parameter) for _, parameter in self._trained(context)], self._aside)
            self._aside = None

    def state_dict(self) -> dict[str, Any]:
        """The steps at which the weights were taken."""
        return {"steps": self._steps}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take them back."""
        self._steps = list(state.get("steps", []))

    def tensors(self) -> dict[str, torch.Tensor]:
        """The weights that are held."""
        return {f"{number}/{name}": tensor for number, held in enumerate(self._held) for name, tensor in held.items()}

    def load_tensors(self, tensors: Mapping[str, torch.Tensor]) -> None:
        """Take them back; `on_fit_start` puts them where the weights are."""
        held: dict[int, dict[str, torch.Tensor]] = {}
        for key, tensor in tensors.items():
            number, _, name = key.partition("/")
            held.setdefault(int(number), {})[name] = tensor
        self._held = [held[number] for number in sorted(held)]

    def _trained(self, context: Context) -> list[tuple[str, torch.nn.Parameter]]:
        return [(name, p) for name, p in context.unit.module.named_parameters() if p.requires_grad]
