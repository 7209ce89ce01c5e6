"""The engine of one step: forward, backward, clipping and update, on any device, precision and number of processes.

The loss of a step is the sum over the units of the **global** batch divided by their number, whatever the number of
micro-batches and processes: gradients are averaged by tokens, never by ranks.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator
from functools import cached_property
from typing import Any

import torch

from tengjia.contracts import AnyBatch, Unit
from tengjia.distributed import Ranks
from tengjia.distributed.parallel import StepModule, gathered, shard, with_ddp
from tengjia.errors import EnvironmentFault
from tengjia.messages import text
from tengjia.training.devices import resolve_device

AUTOCAST = {"bf16": torch.bfloat16, "fp16": torch.float16}
COMPILER = ("torch._dynamo.", "torch._inductor.")
"""Where the errors of the compiler are at home."""

logger = logging.getLogger(__name__)


class Engine:
    """Computes and applies gradients.

    Args:
        unit: Its module is moved to the device, cast, put in training mode, and sharded, in place.
        device: `auto`, `cpu`, `cuda`, `cuda:N`, `mps`.
        precision: `float32`, `float64`, `bf16` or `fp16` (mixed; weights stay float32).
        strategy: `auto`, `single`, `ddp` or `fsdp`.
        compile: Whether to compile the module.
        clip_norm: Largest norm of the gradient, `None` for no limit.
        clip_value: Largest magnitude of one of its entries, `None` for no limit.
        ranks: Who this process is among many.
    """

    def __init__(
        self,
        unit: Unit,
        *,
        device: str = "cpu",
        precision: str = "float32",
        strategy: str = "auto",
        compile: bool = False,
        clip_norm: float | None = None,
        clip_value: float | None = None,
        ranks: Ranks | None = None,
    ) -> None:
        self.unit = unit
        self.ranks = ranks or Ranks()
        self.device = resolve_device(device, self.ranks)
        self.precision = precision
        self.clip_norm, self.clip_value = clip_norm, clip_value
        unit.module.to(self.device, torch.float64 if precision == "float64" else None)
        unit.module.train()  # a part that was handed over for use would learn without its dropout
        if compile:
            unit.module.compile()
        if precision == "fp16" and self.device.type == "cpu":
            logger.warning(text("trainer.half_on_cpu").message)
        self.step_module = StepModule(unit)
        self.forward: torch.nn.Module = self.step_module
        self.strategy = self._strategy(strategy)
        if self.strategy == "fsdp":
            shard(self.step_module, self.ranks)
        self.scaler = torch.amp.GradScaler(self.device.type, enabled=precision == "fp16")

    def _strategy(self, choice: str) -> str:
        if self.ranks.world == 1:
            return "single"
        return "ddp" if choice == "auto" else choice

    def prepare(self, spare: AnyBatch) -> None:
        """Make ready for several processes, once the optimizer is built. Collective.

        Args:
            spare: Any batch, on this device.
        """
        if self.strategy == "ddp":
            self.backward(spare, 1, scale=0.0)
            self.forward = with_ddp(self.step_module, self.ranks)

    @contextlib.contextmanager
    def whole(self) -> Iterator[None]:
        """Within, the module can be called without the other processes. Collective at both ends."""
        if self.strategy == "fsdp":
            gathered(self.step_module, True)
        try:
            yield
        finally:
            if self.strategy == "fsdp":
                gathered(self.step_module, False)

    def autocast(self) -> contextlib.AbstractContextManager[Any]:
        """The context in which the unit computes."""
        if (kind := AUTOCAST.get(self.precision)) is None:
            return contextlib.nullcontext()
        return torch.autocast(self.device.type, kind)

    @cached_property
    def parameters(self) -> list[torch.nn.Parameter]:
        """The parameters that are trained; looked up once, since a walk over all modules at each step adds up."""
        return [p for p in self.unit.module.parameters() if p.requires_grad]

    def backward(self, batch: AnyBatch, weight: int, scale: float = 1.0) -> torch.Tensor:
        """Add the gradients of a micro-batch.

        Args:
            batch: On this device.
            weight: Units of the global batch.
            scale: 0 for a batch that only stands in for none: every process must take part in every backward.

        Returns:
            Scalar, detached: the loss of the micro-batch, summed over its units and divided by `weight`.

        Raises:
            EnvironmentFault: The model cannot be compiled here.
        """
        with self.autocast():
            loss: torch.Tensor = self._forward(batch) * (scale / max(weight, 1))
        # DDP and FSDP divide by the number of processes; the loss is divided by the global weight already.
        self.scaler.scale(loss * self.ranks.world if self.ranks.world > 1 else loss).backward()  # type: ignore[no-untyped-call]
        return loss.detach()

    def _forward(self, batch: AnyBatch) -> Any:
        try:
            return self.forward(batch)
        except Exception as error:
            if not type(error).__module__.startswith(COMPILER):
                raise
            reason = str(error).strip().partition("\n")[0]
            raise EnvironmentFault("trainer.cannot_compile", key="trainer.compile", reason=reason) from error

    def update(self, optimizer: torch.optim.Optimizer) -> torch.Tensor | None:
        """Clip, step, and forget the gradients.

        Returns:
            The norm of the gradient before clipping, if it was measured.
        """
        self.scaler.unscale_(optimizer)
        norm = self._clip()
        self.scaler.step(optimizer)
        self.scaler.update()
        optimizer.zero_grad(set_to_none=True)
        return norm

    def _clip(self) -> torch.Tensor | None:
        if self.clip_value is not None:
            torch.nn.utils.clip_grad_value_(self.parameters, self.clip_value)
        if self.clip_norm is None:
            return None
        norm: Any = torch.nn.utils.clip_grad_norm_(self.parameters, self.clip_norm)
        whole: torch.Tensor = norm.full_tensor() if hasattr(norm, "full_tensor") else norm
        return whole
