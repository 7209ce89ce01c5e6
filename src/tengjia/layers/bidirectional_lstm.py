"""A bidirectional LSTM whose output does not depend on padding.

`nn.LSTM(bidirectional=True)` on a padded batch reads the padding backwards; `pack_padded_sequence` avoids that, but
leaves the fast kernels of CPUs. Two one-way LSTMs, one on sequences turned round in place, do both.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from tengjia.layers.dropout import Dropout
from tengjia.layers.reversal import reversal, reverse, rows


class BidirectionalLSTM(nn.Module):
    """Reads each sequence in both directions (Graves and Schmidhuber 2005).

    Args:
        width: Width of the input.
        hidden_size: Width of each direction; the output is twice as wide.
        layers: How many such layers stand on one another.
        dropout: Share of inputs dropped between layers.
        variational: Whether a dropped component is dropped at all units of a sequence.
    """

    def __init__(
        self, width: int, hidden_size: int, *, layers: int = 1, dropout: float = 0.0, variational: bool = False
    ) -> None:
        super().__init__()
        self.width = 2 * hidden_size
        widths = [width] + [self.width] * (layers - 1)
        self.forwards = nn.ModuleList(_one_way(size, hidden_size) for size in widths)
        self.backwards = nn.ModuleList(_one_way(size, hidden_size) for size in widths)
        self.dropout = Dropout(dropout, variational=variational)

    def forward(self, values: Tensor, mask: Tensor) -> Tensor:
        """Hidden states `[B, T, 2 H]` of values `[B, T, W]`; `mask` `[B, T]` is right-padded."""
        order = rows(reversal(mask.sum(1), mask.shape[1]))
        values = values.transpose(0, 1).contiguous()  # time-major inside, as the kernels want it
        for number, (ahead, back) in enumerate(zip(self.forwards, self.backwards, strict=True)):
            if number:
                values = self.dropout(values.transpose(0, 1)).transpose(0, 1)
            onward, backward = ahead(values)[0], back(reverse(values, order))[0]
            values = torch.cat([onward, reverse(backward, order)], -1)
        return values.transpose(0, 1)


def _one_way(width: int, hidden_size: int) -> nn.LSTM:
    """An LSTM with orthogonal recurrent weights (Saxe et al. 2014) and forget gates open (Jozefowicz et al. 2015)."""
    lstm = nn.LSTM(width, hidden_size)
    with torch.no_grad():
        parameters = dict(lstm.named_parameters())
        for gate in parameters["weight_hh_l0"].chunk(4):
            nn.init.orthogonal_(gate)
        nn.init.xavier_uniform_(parameters["weight_ih_l0"])
        parameters["bias_hh_l0"].zero_()
        parameters["bias_ih_l0"].zero_()[hidden_size : 2 * hidden_size] = 1.0
    return lstm
