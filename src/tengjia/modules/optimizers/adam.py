"""Adam: `optimizer=adam`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import torch

from tengjia.config.parameters import Limits
from tengjia.layers.parameter_groups import can_fuse
from tengjia.registry import optimizers


@optimizers.register("adam")
class Adam(torch.optim.Adam):
    """Adam (Kingma and Ba 2015), without weight decay (for that, `adamw`).

    Args:
        config: Its parameters.
        parameters: Groups of parameters (`layers/parameter_groups.py`), whose own `lr` counts first.
    """

    limits: ClassVar[Limits] = {
        "lr": (0.0, None),
        "beta1": (0.0, 0.999999),
        "beta2": (0.0, 0.999999),
        "epsilon": (0.0, None),
    }

    @dataclass(frozen=True)
    class Config:
        """Parameters of `adam`."""

        lr: float = 2e-3
        """Learning rate of parts with multiplier 1, before the schedule."""
        beta1: float = 0.9
        """Memory of the mean gradient."""
        beta2: float = 0.999
        """Memory of the mean squared gradient."""
        epsilon: float = 1e-8
        """Added to the divisor."""

    def __init__(self, config: Config, *, parameters: list[dict[str, Any]]) -> None:
        betas = (config.beta1, config.beta2)
        super().__init__(parameters, lr=config.lr, betas=betas, eps=config.epsilon, fused=can_fuse(parameters))
