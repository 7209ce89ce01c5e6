"""DDP and FSDP2 around the training step of a unit."""

from __future__ import annotations

import atexit
from typing import Any

import torch
from torch import nn

from tengjia.contracts import Batch, Unit
from tengjia.distributed.ranks import Ranks


class StepModule(nn.Module):
    """The training step as a module: what a criterion does with parameters of the model happens inside it too."""

    def __init__(self, unit: Unit) -> None:
        super().__init__()
        self.module = unit.module
        self._unit = unit

    def forward(self, batch: Batch) -> torch.Tensor:
        """The loss of a batch, summed over its units."""
        return self._unit.training_step(batch).total


def shard(step: StepModule, ranks: Ranks) -> None:
    """Spread the parameters over all ranks, in place (FSDP2). They become DTensors: build the optimizer after this."""
    import torch.distributed as dist
    from torch.distributed.device_mesh import init_device_mesh
    from torch.distributed.fsdp import fully_shard

    for parameter in step.parameters():
        dist.broadcast(parameter.data, 0)
    mesh = init_device_mesh(next(step.parameters()).device.type, (ranks.world,))
    # DTensor's caches hold the mesh for good, and by it the group, whose threads must end before the interpreter does.
    atexit.register(getattr(mesh, "_pg_registry", {}).clear)
    for block in _blocks(step):
        fully_shard(block, mesh=mesh)
    fully_shard(step, mesh=mesh)


def _blocks(step: nn.Module) -> list[nn.Module]:
    """The layers of stacks, the outermost ones. Recurrent ones stay with the root: their weights are views of one
    another."""
    inside: set[nn.Module] = set()
    layers: list[nn.Module] = []
    for module in step.modules():  # a stack comes before what stands in it
        if isinstance(module, nn.ModuleList) and module not in inside:
            inside.update(module.modules())
            layers += [layer for layer in module if any(True for _ in layer.parameters())]
    return [layer for layer in layers if not any(isinstance(part, nn.RNNBase) for part in layer.modules())]


def gathered(step: nn.Module, whole: bool) -> None:
    """Hold all parameters on every rank, to evaluate unequal numbers of batches, or go back to shards. Collective."""
    from torch.distributed.fsdp import FSDPModule

    for module in step.modules():
        if isinstance(module, FSDPModule):
            module.set_reshard_after_forward(not whole and module is not step, recurse=False)
            if whole:
                module.unshard()
            else:
                module.reshard()


def with_ddp(step: StepModule, ranks: Ranks) -> nn.Module:
    """The step under DistributedDataParallel; some gradients must be there already, to see what takes no part."""
    from torch.nn.parallel import DistributedDataParallel

    missing = sum(p.grad is None for p in step.parameters() if p.requires_grad)
    unused = bool(ranks.largest(torch.tensor([missing])).item())
    step.zero_grad(set_to_none=True)
    wrapped: Any = DistributedDataParallel(step, find_unused_parameters=unused)
    return wrapped  # type: ignore[no-any-return]
