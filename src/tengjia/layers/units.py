"""From pieces to units: what carries a label is a piece, or the first piece of a word."""

from __future__ import annotations

from torch import Tensor


def at_units(values: Tensor, units: Tensor | None) -> Tensor:
    """The rows of `values` `[B, S, H]` at the pieces `units` `[B, T]`; all of them when `units` is `None`."""
    if units is None:
        return values
    return values.gather(1, units[..., None].expand(-1, -1, values.shape[2]))
