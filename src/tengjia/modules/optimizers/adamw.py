"""Adam with decoupled weight decay: `optimizer=adamw`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import torch

from tengjia.config.parameters import Limits
from tengjia.layers.parameter_groups import can_fuse
from tengjia.registry import optimizers


@optimizers.register("adamw")
class AdamW(torch.optim.AdamW):
    """AdamW (Loshchilov and Hutter 2019), in one fused kernel on CPU and CUDA. The default optimizer.

    Args:
        config: Its parameters.
        parameters: Groups of parameters (`layers/parameter_groups.py`), whose own `lr` and `weight_decay` count first.
    """

    limits: ClassVar[Limits] = {
        "lr": (0.0, None),
        "weight_decay": (0.0, None),
        "beta1": (0.0, 0.999999),
        "beta2": (0.0, 0.999999),
        "epsilon": (0.0, None),
    }

    @dataclass(frozen=True)
    class Config:
        """Parameters of `adamw`."""

        lr: float = 2e-3
        """Learning rate of parts with multiplier 1, before the schedule."""
        weight_decay: float = 0.01
        """Share of each weight taken away a step, times the learning rate."""
        beta1: float = 0.9
        """Memory of the mean gradient."""
        beta2: float = 0.999
        """Memory of the mean squared gradient."""
        epsilon: float = 1e-8
        """Added to the divisor."""

    def __init__(self, config: Config, *, parameters: list[dict[str, Any]]) -> None:
        super().__init__(
            parameters,
            lr=config.lr,
            betas=(config.beta1, config.beta2),
            eps=config.epsilon,
            weight_decay=config.weight_decay,
            fused=can_fuse(parameters),
        )
