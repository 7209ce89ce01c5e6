"""Adafactor: `optimizer=adafactor`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import torch

from tengjia.config.parameters import Limits
from tengjia.registry import optimizers


@optimizers.register("adafactor")
class Adafactor(torch.optim.Adafactor):
    """Adafactor (Shazeer and Stern 2018): keeps rows and columns of the squared gradient, so needs little memory.

    Args:
        config: Its parameters.
        parameters: Groups of parameters (`layers/parameter_groups.py`), whose own `lr` and `weight_decay` count first.
    """

    limits: ClassVar[Limits] = {
        "lr": (0.0, None),
        "weight_decay": (0.0, None),
        "clip": (0.0, None),
    }

    @dataclass(frozen=True)
    class Config:
        """Parameters of `adafactor`."""

        lr: float = 0.01
        """Learning rate of parts with multiplier 1, relative to the size of each weight matrix, before the schedule."""
        weight_decay: float = 0.0
        """Share of each weight taken away a step, times the learning rate."""
        beta2_decay: float = -0.8
        """How the memory of the squared gradient grows: `1 - step ** beta2_decay`."""
        clip: float = 1.0
        """Greatest root mean square of an update, before the learning rate."""

    def __init__(self, config: Config, *, parameters: list[dict[str, Any]]) -> None:
        super().__init__(
            parameters,
            lr=config.lr,
            beta2_decay=config.beta2_decay,
            d=config.clip,
            weight_decay=config.weight_decay,
        )
