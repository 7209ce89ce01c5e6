"""A batch for a rank that has none: every process must take part in every backward, with weight 0 if need be."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any

import torch

from tengjia.contracts import Batch
from tengjia.distributed.ranks import Ranks


def spare_batch(own: Batch | None, ranks: Ranks) -> Batch | None:
    """This rank's own batch; if any rank has none, that of rank 0 everywhere. Collective.

    Returns:
        `None` when rank 0 has none either: there is no data.
    """
    if not ranks.largest(torch.tensor([int(own is None)])).item():
        return own
    tensors = _tensors(own) if own is not None else {}
    kinds = {name: [str(value.dtype).removeprefix("torch."), list(value.shape)] for name, value in tensors.items()}
    header = json.loads(ranks.same_text(json.dumps(kinds)))
    received = {}
    for name, (kind, shape) in header.items():
        empty = torch.zeros(shape, dtype=getattr(torch, kind))
        received[name] = ranks.from_primary(tensors[name].contiguous() if ranks.primary else empty)
    return _batch(received) if received else None


def _tensors(batch: Batch) -> dict[str, torch.Tensor]:
    named: dict[str, torch.Tensor] = {}
    for field in fields(batch):
        value = getattr(batch, field.name)
        if isinstance(value, torch.Tensor):
            named[field.name] = value
    return named | {f"features/{name}": value for name, value in batch.features.items()}


def _batch(tensors: dict[str, torch.Tensor]) -> Batch:
    plain: dict[str, Any] = {name: value for name, value in tensors.items() if "/" not in name}
    features = {name.removeprefix("features/"): value for name, value in tensors.items() if "/" in name}
    return Batch(**plain, features=features)
