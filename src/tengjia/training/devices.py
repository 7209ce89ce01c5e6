"""Which device to compute on, how precisely, and with how many threads."""

from __future__ import annotations

import os

import torch

from tengjia.distributed import Ranks
from tengjia.errors import EnvironmentFault


def resolve_device(choice: str, ranks: Ranks | None = None) -> torch.device:
    """The device that `auto`, `cpu`, `cuda`, `cuda:N` or `mps` means here.

    Args:
        choice: `auto` takes a GPU if there is one; everything else is taken at its word.
        ranks: Processes of one machine take CUDA devices in turn.

    Raises:
        EnvironmentFault: That device is not there. It is never replaced by another.
    """
    local = ranks.local if ranks is not None and ranks.world > 1 else 0
    available = _available()
    if choice == "auto":
        choice = next((name for name in available if name != "cpu"), "cpu")
    if choice in {"cuda", "cuda:0"} and "cuda:0" in available:
        choice = f"cuda:{local}"
    if choice not in available:
        raise EnvironmentFault("trainer.no_device", found=choice, allowed=", ".join(["auto", *available]))
    return torch.device(choice)


def _available() -> list[str]:
    names = [f"cuda:{number}" for number in range(torch.cuda.device_count())] if torch.cuda.is_available() else []
    if torch.backends.mps.is_available():
        names.append("mps")
    return [*names, "cpu"]


def set_threads(threads: int | None, ranks: Ranks) -> int:
    """Set and return the number of threads of this process; several on a machine share its cores fairly.

    `torchrun` sets OMP_NUM_THREADS=1, which would leave cores idle; a number that the user sets is respected.
    """
    if threads is None and ranks.world > 1:
        threads = max(1, _cores() // ranks.local_world)
    if threads is not None:
        torch.set_num_threads(threads)
    return torch.get_num_threads()


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
