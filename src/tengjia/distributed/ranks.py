"""Who this process is among those that `torchrun` started, and the few words they say to one another.

    with joined() as ranks:                  # one process, or many: the same lines
        name = ranks.same_text(my_name)      # what rank 0 says
        total = ranks.summed(counts)

Tensors that are exchanged here are small and live on the CPU; gradients go the way of DDP and FSDP.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from tengjia.errors import TrainingError

if TYPE_CHECKING:
    import torch


def is_primary() -> bool:
    """Whether this process speaks for all (rank 0 of its group, or the only one). Imports nothing."""
    return os.environ.get("RANK", "0") == "0"


@dataclass(frozen=True)
class Ranks:
    """One process of a group.

    Args:
        rank: Number of this process, from 0.
        world: How many there are.
        local: Number of this process on its machine; chooses the CUDA device.
        local_world: How many there are on this machine; they share its cores.
    """

    rank: int = 0
    world: int = 1
    local: int = 0
    local_world: int = 1

    @property
    def primary(self) -> bool:
        """Whether this process writes files and speaks for all."""
        return self.rank == 0

    def summed(self, values: torch.Tensor) -> torch.Tensor:
        """The sum over all ranks of a CPU tensor; with one process the tensor itself. Collective."""
        return self._reduced(values, "SUM")

    def total(self, value: float) -> float:
        """The sum over all ranks of a number. Collective."""
        import torch

        return value if self.world == 1 else float(self.summed(torch.tensor([value], dtype=torch.float64)))

    def largest(self, values: torch.Tensor) -> torch.Tensor:
        """The elementwise maximum over all ranks of a CPU tensor. Collective."""
        return self._reduced(values, "MAX")

    def gathered(self, values: torch.Tensor) -> torch.Tensor:
        """The rows of all ranks end to end, in the order of the ranks, exactly as they are. Collective.

        Args:
            values: `[N, K]` on the CPU; N may differ from rank to rank and be 0, K and type are the same on all.
        """
        import torch
        import torch.distributed as dist

        if self.world == 1:
            return values
        counts = [0] * self.world
        counts[self.rank] = len(values)
        counts = self.summed(torch.tensor(counts)).tolist()
        if not any(counts):
            return values
        padded = values.new_zeros((max(counts), *values.shape[1:]))
        padded[: len(values)] = values
        found = [torch.empty_like(padded) for _ in counts]
        with lost_rank_is_an_error(self.world):
            dist.all_gather(found, padded)
        return torch.cat([rows[:count] for rows, count in zip(found, counts)])

    def same_text(self, text: str) -> str:
        """What rank 0 passes, on every rank. Collective."""
        import torch

        if self.world == 1:
            return text
        content = torch.tensor(list(text.encode("utf-8")), dtype=torch.uint8)
        length = self.from_primary(torch.tensor([len(content)]))
        if not self.primary:
            content = torch.zeros(int(length), dtype=torch.uint8)
        return bytes(self.from_primary(content).tolist()).decode("utf-8")

    def from_primary(self, values: torch.Tensor) -> torch.Tensor:
        """The tensor of rank 0, written into that of every rank; all have one shape and type. Collective."""
        import torch.distributed as dist

        if self.world > 1 and values.numel():
            with lost_rank_is_an_error(self.world):
                dist.broadcast(values, 0)
        return values

    def barrier(self) -> None:
        """Wait until every rank is here. Collective."""
        import torch

        self.summed(torch.zeros(1))

    def _reduced(self, values: torch.Tensor, operation: str) -> torch.Tensor:
        import torch.distributed as dist

        if self.world == 1:
            return values
        result = values.clone()
        with lost_rank_is_an_error(self.world):
            dist.all_reduce(result, getattr(dist.ReduceOp, operation))
        return result


SINGLE: Final = Ranks()
_PATIENCE: Final = timedelta(days=1)


@contextlib.contextmanager
def lost_rank_is_an_error(world: int) -> Iterator[None]:
    """Say in words that another process is gone; with one process nothing is changed.

    Raises:
        TrainingError: A collective failed because a process ended.
    """
    try:
        yield
    except RuntimeError as error:
        if world > 1 and ("onnection" in str(error) or "peer" in str(error) or "NCCL" in str(error)):
            reason = str(error).strip().splitlines()[0].partition(". ")[0]
            raise TrainingError("trainer.rank_lost", rank=os.environ.get("RANK", "0"), reason=reason) from error
        raise


@contextlib.contextmanager
def joined() -> Iterator[Ranks]:
    """Join the group that `torchrun` announced in the environment; one process alone joins nothing and imports nothing.

    The process stays in the group until it ends, so that a later block joins the same one.
    """
    world = int(os.environ.get("WORLD_SIZE", "1"))
    if world == 1:
        yield SINGLE
        return
    import torch
    import torch.distributed as dist

    if not dist.is_initialized():
        # Its functions have the group of the time of their import as a default, and hold it for good: import it before
        # there is one, and not when DDP or FSDP first need it.
        import torch.distributed.nn.functional

        # Words and counts go by gloo, gradients of GPUs by NCCL. Waiting (for preprocessing, say) may take long; a
        # process that is gone is noticed at once by its closed connection, not by the time.
        dist.init_process_group("cpu:gloo,cuda:nccl" if torch.cuda.is_available() else "gloo", timeout=_PATIENCE)
        atexit.register(_leave)
    local = int(os.environ.get("LOCAL_RANK", "0"))
    yield Ranks(dist.get_rank(), world, local, int(os.environ.get("LOCAL_WORLD_SIZE", "1")))


def _leave() -> None:
    """Leave the group, and let nothing hold it: were its threads still there when the interpreter is taken down, they
    could end the process by `std::terminate`, now and then, after all was done (pytorch/pytorch#190489)."""
    import torch.distributed as dist

    dist.destroy_process_group()
    gc.collect()
