"""Modules that are built without drawing their first weights, because all weights are loaded next.

On the meta device drawing would also import torch's compiler, which takes longer than everything else in loading.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any, Final

import torch
from torch.overrides import TorchFunctionMode

_DRAWS: Final = frozenset({"normal_", "uniform_", "random_", "bernoulli_", "exponential_", "trunc_normal_"})


class _Undrawn(TorchFunctionMode):
    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        given = kwargs or {}
        tensor = given.get("tensor", args[0] if args else None)
        name = getattr(func, "__name__", "")
        drawn = name in _DRAWS or (getattr(func, "__module__", "") == "torch.nn.init" and name.endswith("_"))
        if drawn and isinstance(tensor, torch.Tensor) and not _is_fixed(name):
            return tensor
        return func(*args, **given)


def _is_fixed(name: str) -> bool:
    """Whether an initialisation puts in known values: those cost nothing, and may be of buffers that are not saved."""
    return name in {"constant_", "ones_", "zeros_", "eye_", "dirac_"}


@contextlib.contextmanager
def undrawn() -> Iterator[None]:
    """Leave weights that would be drawn at random as the memory has them while the block runs."""
    with _Undrawn():
        yield
