"""Adversarial training: learns from each batch a second time, with the embeddings moved to where it hurts most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch

from tengjia.config.parameters import Limits
from tengjia.contracts import AnyBatch
from tengjia.errors import TrainingError
from tengjia.registry import callbacks
from tengjia.training.callback import Callback
from tengjia.training.context import Context
from tengjia.training.limits import require
from tengjia.training.snapshot import local


@callbacks.register("adversarial")
class Adversarial(Callback):
    """Trains on each batch a second time, with moved embeddings (fast gradient method).

    Each embedding matrix is moved by `epsilon * g / |g|`, the gradients there are added, and it is put back.

    Source: Miyato, Dai and Goodfellow 2017, "Adversarial Training Methods for Semi-Supervised Text Classification".
    """

    limits: ClassVar[Limits] = {"epsilon": (0.0, None)}

    @dataclass(frozen=True)
    class Config:
        enabled: bool = False
        """Whether to train on moved embeddings too; a step then takes about twice as long."""
        epsilon: float = 1.0
        """How far the embeddings are moved."""
        parameter: str = "embedding"
        """Part of the names of the parameters that are moved."""

    order = 400

    def __init__(self, config: Config) -> None:
        require("callbacks.adversarial", self.limits, config)
        self.config = config

    def on_fit_start(self, context: Context) -> None:
        """See that there is something to move."""
        if not self._moved(context):
            names = [name for name, p in context.unit.module.named_parameters() if p.requires_grad]
            raise TrainingError("trainer.no_embedding", found=self.config.parameter, allowed=", ".join(names[:20]))

    def on_backward_end(self, context: Context, batch: AnyBatch, weight: int) -> None:
        """Add the gradients at the moved embeddings."""
        moved = self._moved(context)
        before = [local(parameter).clone() for parameter in moved]
        with torch.no_grad():
            for parameter in moved:
                if parameter.grad is not None:
                    norm = parameter.grad.norm().clamp_min(torch.finfo(parameter.dtype).tiny)
                    parameter.add_(parameter.grad * (self.config.epsilon / norm))
        context.engine.backward(batch, max(weight, 1), scale=1.0 if weight else 0.0)
        with torch.no_grad():
            torch._foreach_copy_([local(parameter) for parameter in moved], before)

    def _moved(self, context: Context) -> list[torch.nn.Parameter]:
        named = context.unit.module.named_parameters()
        return [p for name, p in named if p.requires_grad and self.config.parameter in name]
