"""What the intent of a text tells its slots."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class SlotGate(nn.Module):
    """Lets each unit count the more, the better it fits the intent.

    `g_i = sum(v * tanh(h_i + W c))` and `h_i + g_i h_i`, with h the hidden states of the units and c the vector of the
    intent (Goo et al. 2018, "Slot-Gated Modeling for Joint Slot Filling and Intent Prediction", with intent attention
    only: equations 6 and 8).

    Args:
        width: Width of the hidden states.
        intent_width: Width of the vector of the intent.
    """

    def __init__(self, width: int, intent_width: int) -> None:
        super().__init__()
        self.intent = nn.Linear(intent_width, width, bias=False)
        self.weight = nn.Parameter(torch.zeros(width))
        """Zeros: at the beginning the gate changes nothing."""

    def forward(self, hidden: Tensor, intent: Tensor) -> Tensor:
        """Hidden states `[B, T, H]` that know the intent `[B, G]`."""
        gate = (torch.tanh(hidden + self.intent(intent)[:, None]) * self.weight).sum(-1, keepdim=True)
        return hidden + gate * hidden
