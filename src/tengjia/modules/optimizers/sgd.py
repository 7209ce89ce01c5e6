"""Stochastic gradient descent: `optimizer=sgd`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import torch

from tengjia.config.parameters import Limits
from tengjia.layers.parameter_groups import are_spread, can_fuse
from tengjia.registry import optimizers


@optimizers.register("sgd")
class SGD(torch.optim.SGD):
    """Stochastic gradient descent with momentum (Polyak 1964; Nesterov 1983).

    Args:
        config: Its parameters.
        parameters: Groups of parameters (`layers/parameter_groups.py`), whose own `lr` and `weight_decay` count first.
    """

    limits: ClassVar[Limits] = {
        "lr": (0.0, None),
        "momentum": (0.0, 1.0),
        "weight_decay": (0.0, None),
    }

    @dataclass(frozen=True)
    class Config:
        """Parameters of `sgd`."""

        lr: float = 0.1
        """Learning rate of parts with multiplier 1, before the schedule."""
        momentum: float = 0.9
        """Memory of the gradient; 0 for none."""
        nesterov: bool = False
        """Whether the gradient is taken ahead, where the momentum leads; needs a momentum above 0."""
        weight_decay: float = 0.0
        """Share of each weight that is added to its gradient."""

    def __init__(self, config: Config, *, parameters: list[dict[str, Any]]) -> None:
        super().__init__(
            parameters,
            lr=config.lr,
            momentum=config.momentum,
            nesterov=config.nesterov and config.momentum > 0,
            weight_decay=config.weight_decay,
            # Of parameters that are spread over processes, torch knows no fused descent, only fused Adam.
            fused=can_fuse(parameters) and not are_spread(parameters),
        )
