"""Some places of sequences moved together, in their order, to the front; what is left over is padding."""

from __future__ import annotations

import torch
from torch import Tensor


def packed(stays: Tensor) -> Tensor:
    """`[B, S']` places of what stays in `[B, S]`, in order, then of padding; S' is what the longest needs, or 1."""
    order = torch.argsort((~stays).to(torch.int8), dim=1, stable=True)
    return order[:, : max(1, int(stays.sum(1).max()))]
