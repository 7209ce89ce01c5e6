"""Probability of each tag at each unit, given the whole sequence."""

from __future__ import annotations

import torch
from torch import Tensor

from tengjia.layers.chain import Chain
from tengjia.layers.crf_likelihood import chain_to
from tengjia.layers.crf_log_space import log_partition_and_gradient
from tengjia.layers.crf_scaled import expectations, forward_backward


@torch.no_grad()
def marginals(chain: Chain) -> Tensor:
    """`[B, T, C]`, each unit's sum 1, 0 in the padding; at least float32."""
    device, kind = chain.scores.device, torch.promote_types(chain.scores.dtype, torch.float32)
    if device.type == "mps":  # knows no float64
        chain = chain_to(chain, "cpu")
    found = forward_backward(chain)
    expected = None if found is None else expectations(chain, found)
    if expected is None:
        result = log_partition_and_gradient(chain)[1][0]
    else:
        result = expected.tags.transpose(0, 1)
    return result.to(kind, memory_format=torch.contiguous_format, copy=True).to(device)
