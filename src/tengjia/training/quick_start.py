"""Starts training without loading the compiler of torch, which nobody here uses on an optimizer.

The optimizers of torch import `torch._dynamo` (800 modules, about a second) when they are made and when they step,
only to say that a compiler shall leave some of their lines alone. Should torch change how that is done, the import
happens as before: nothing else depends on this.
"""

from __future__ import annotations

import inspect
import sys
from types import MethodType
from typing import Final

import torch

COMPILER: Final = "torch._dynamo"
METHODS: Final = ("add_param_group", "zero_grad", "state_dict", "load_state_dict")
MARK: Final = "__dynamo_disable"
"""Where `torch._compile` keeps the form of a function that the compiler leaves alone."""


def mark_optimizers() -> None:
    """Before an optimizer is made: say that its methods are to be taken as they are."""
    for name in METHODS:
        function = getattr(getattr(torch.optim.Optimizer, name, None), "__wrapped__", None)
        if function is not None and not hasattr(function, MARK):
            setattr(function, MARK, function)


def step_directly(optimizer: torch.optim.Optimizer) -> None:
    """Let `step` be the optimizer's own function, without gradients: what its wrappers add is for the compiler.

    Nothing is done where the compiler is loaded already.
    """
    if COMPILER not in sys.modules:
        function = inspect.unwrap(type(optimizer).step)
        setattr(optimizer, "step", MethodType(torch.no_grad()(function), optimizer))  # noqa: B010  # a method to mypy
