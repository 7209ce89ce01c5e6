"""Filters that see a few neighbouring pieces, and the strongest answer of each in a text (Kim 2014)."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from tengjia.errors import ConfigurationError


class WindowCNN(nn.Module):
    """Banks of filters of several widths, rectified, with their maximum over the text.

    A filter also looks over the ends of a text, where all is 0: the shortest text fills no filter and still answers,
    and padding, which is 0 too, changes nothing.

    Args:
        width: Width of the input.
        filters: Filters of each bank.
        widths: Pieces that the filters of each bank see.

    Raises:
        ConfigurationError: There is no bank, or one whose filters see nothing.
    """

    def __init__(self, width: int, filters: int, *, widths: tuple[int, ...]) -> None:
        super().__init__()
        if not widths or min(widths) < 1:
            raise ConfigurationError("model.no_filters", key="model.widths", found=list(widths))
        self.widths = widths
        self.width = filters * len(widths)
        self.banks = nn.ModuleList(nn.Conv1d(width, filters, size, padding=size - 1) for size in widths)

    def forward(self, values: Tensor, mask: Tensor) -> Tensor:
        """The strongest answers `[B, banks * filters]` to values `[B, S, W]`; `mask` `[B, S]` is right-padded."""
        inside = values.masked_fill(~mask[..., None], 0.0).transpose(1, 2)
        return torch.cat([_strongest(bank(inside), mask, size) for bank, size in zip(self.banks, self.widths)], 1)


def _strongest(answers: Tensor, mask: Tensor, size: int) -> Tensor:
    """Maximum over the windows that touch the text, rectified last, where little is left: 0 stands for the others."""
    touching = functional.pad(mask, (size - 1, 0), value=True) if size > 1 else mask
    return functional.relu(answers.masked_fill(~touching[:, None], 0.0).amax(2))
