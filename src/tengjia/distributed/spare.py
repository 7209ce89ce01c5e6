"""A batch for a rank that has none: every process must take part in every backward, with weight 0 if need be."""

from __future__ import annotations

import importlib
import json
from dataclasses import fields, is_dataclass
from typing import Any

import torch

from tengjia.contracts import AnyBatch
from tengjia.distributed.ranks import Ranks


def spare_batch(own: AnyBatch | None, ranks: Ranks) -> AnyBatch | None:
    """This rank's own batch; if any rank has none, that of rank 0 everywhere. Collective.

    Args:
        own: A dataclass of tensors, of mappings and tuples of them, and of further such dataclasses.
        ranks: Who this process is among many.

    Returns:
        `None` when rank 0 has none either: there is no data.
    """
    if not ranks.largest(torch.tensor([int(own is None)])).item():
        return own
    tensors: list[torch.Tensor] = []
    outline = json.loads(ranks.same_text(json.dumps(_outline(own, tensors))))
    given = iter(tensors)

    def received(kind: str, shape: list[int]) -> torch.Tensor:
        empty = torch.zeros(shape, dtype=getattr(torch, kind))
        return ranks.from_primary(next(given).contiguous() if ranks.primary else empty)

    batch: AnyBatch | None = _filled(outline, received)
    return batch


def _outline(value: Any, tensors: list[torch.Tensor]) -> Any:
    """A batch as JSON values, its tensors by type and shape alone; they are added to the list."""
    if isinstance(value, torch.Tensor):
        tensors.append(value)
        return {"tensor": [str(value.dtype).removeprefix("torch."), list(value.shape)]}
    if isinstance(value, dict):
        return {"mapping": {name: _outline(inner, tensors) for name, inner in value.items()}}
    if isinstance(value, tuple):
        return {"tuple": [_outline(inner, tensors) for inner in value]}
    if is_dataclass(value) and not isinstance(value, type):
        parts = {item.name: _outline(getattr(value, item.name), tensors) for item in fields(value)}
        return {"module": type(value).__module__, "class": type(value).__qualname__, "parts": parts}
    return {"plain": value}


def _filled(outline: Any, received: Any) -> Any:
    """The batch of an outline, with the tensors that are received in its order."""
    if "tensor" in outline:
        return received(*outline["tensor"])
    if "mapping" in outline:
        return {name: _filled(inner, received) for name, inner in outline["mapping"].items()}
    if "tuple" in outline:
        return tuple(_filled(inner, received) for inner in outline["tuple"])
    if "parts" in outline:
        kind = getattr(importlib.import_module(outline["module"]), outline["class"])
        return kind(**{name: _filled(inner, received) for name, inner in outline["parts"].items()})
    return outline["plain"]
