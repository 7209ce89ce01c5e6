"""Sentences that are done leave the batch, but not one by one."""

from __future__ import annotations

import torch
from torch import Tensor

from tengjia.utilities.few_sizes import COARSE, at_least


def parted(done: Tensor) -> tuple[Tensor, Tensor]:
    """Numbers of the sentences that leave the batch and of those that stay, both ascending.

    All stay that are not done, and as many others as make it one of few sizes: a model that has seen each of them asks
    for no more memory, however many batches end in whatever order.

    Args:
        done: `[N]` bool.
    """
    unfinished = int((~done).sum())
    staying = at_least(unfinished, COARSE) if unfinished else 0
    # Stable: those that are not done come first, each half in its order.
    order = done.to(torch.int8).argsort(stable=True)
    return order[staying:].sort().values, order[:staying].sort().values
