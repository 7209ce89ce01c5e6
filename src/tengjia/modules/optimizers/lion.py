"""Lion: `optimizer=lion`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import torch
from torch import Tensor

from tengjia.config.parameters import Limits
from tengjia.registry import optimizers


@optimizers.register("lion")
class Lion(torch.optim.Optimizer):
    """Lion (Chen et al. 2023, "Symbolic Discovery of Optimization Algorithms", program 1): steps of one size.

    The update is the sign of a blend of gradient and momentum, so every weight moves by the learning rate. It wants a
    learning rate 3 to 10 times smaller than AdamW's, a weight decay as much greater, and half its memory.

    Args:
        config: Its parameters.
        parameters: Groups of parameters (`layers/parameter_groups.py`), whose own `lr` and `weight_decay` count first.
    """

    limits: ClassVar[Limits] = {
        "lr": (0.0, None),
        "weight_decay": (0.0, None),
        "beta1": (0.0, 0.999999),
        "beta2": (0.0, 0.999999),
    }

    @dataclass(frozen=True)
    class Config:
        """Parameters of `lion`."""

        lr: float = 3e-4
        """Learning rate of parts with multiplier 1, before the schedule."""
        weight_decay: float = 0.1
        """Share of each weight taken away a step, times the learning rate."""
        beta1: float = 0.9
        """Share of the momentum in the blend whose sign is the update."""
        beta2: float = 0.99
        """Memory of the momentum."""

    def __init__(self, config: Config, *, parameters: list[dict[str, Any]]) -> None:
        self.config = config
        super().__init__(parameters, {"lr": config.lr, "weight_decay": config.weight_decay})

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> float | None:  # type: ignore[override]
        """One update; `closure`, if given, computes loss and gradients anew first."""
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            weights = [weight for weight in group["params"] if weight.grad is not None]
            if weights:
                gradients = [weight.grad for weight in weights]
                self._update(weights, gradients, [self._momentum(w) for w in weights], group)
        return loss

    def _momentum(self, weight: Tensor) -> Tensor:
        state = self.state[weight]
        if "momentum" not in state:
            state["momentum"] = torch.zeros_like(weight, memory_format=torch.preserve_format)
        momentum: Tensor = state["momentum"]
        return momentum

    def _update(
        self, weights: list[Tensor], gradients: list[Tensor], momenta: list[Tensor], group: dict[str, Any]
    ) -> None:
        updates = torch._foreach_lerp(momenta, gradients, 1.0 - self.config.beta1)
        torch._foreach_sign_(updates)
        torch._foreach_mul_(weights, 1.0 - group["lr"] * group["weight_decay"])
        torch._foreach_add_(weights, updates, alpha=-group["lr"])
        torch._foreach_lerp_(momenta, gradients, 1.0 - self.config.beta2)
