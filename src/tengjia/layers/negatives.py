"""Which texts of a batch are known not to fit a text."""

from __future__ import annotations

import torch
from torch import Tensor

from tengjia.errors import ConfigurationError


def strangers(fits: Tensor, groups: Tensor | None) -> Tensor:
    """`[B, B]` bool: whether the second text of example j may serve as a wrong one for the first text of example i.

    One that belongs to the same first text may if it is known not to fit it; the others of that first text may not.

    Args:
        fits: `[B]`: 1 where the two texts of an example fit, else 0.
        groups: `[B]` int64: examples with the same first text have the same number; `None`: all differ.
    """
    if groups is None:
        groups = torch.arange(len(fits), device=fits.device)
    return (groups[:, None] != groups[None, :]) | (fits == 0)[None, :]


def fitting(count: int, target: Tensor | None, least: float, like: Tensor) -> Tensor:
    """`[B]` of the type of `like`: 1 where first and second text fit (all do where nothing is known), else 0.

    Args:
        count: B.
        target: `[B]` how well they fit.
        least: From this on they do.
        like: Gives type and device.
    """
    return like.new_ones(count) if target is None else (target >= least).to(like.dtype)


def require_plain_comparison(model: object, criterion: str) -> None:
    """Refuse a learned comparison where the loss does not reach it.

    Raises:
        ConfigurationError: The model has one.
    """
    kind = getattr(getattr(model, "comparison", None), "kind", "cosine")
    if kind != "cosine":
        raise ConfigurationError("model.comparison_untrained", key="model.comparison", found=kind, criterion=criterion)
