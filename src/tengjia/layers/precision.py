"""Numbers wide enough to be summed."""

from __future__ import annotations

import torch
from torch import Tensor


def in_full(values: Tensor) -> Tensor:
    """The values, in float32 if they came in half precision."""
    return values.to(torch.promote_types(values.dtype, torch.float32))
