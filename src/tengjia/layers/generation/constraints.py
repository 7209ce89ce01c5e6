"""What may not be written next: short ends, repetitions."""

from __future__ import annotations

import torch
from torch import Tensor

from tengjia.layers.generation.memory import Borders
from tengjia.layers.generation.options import Generation


class Constraints:
    """Changes scores before the next piece is chosen.

    Args:
        config: Its options about repetitions and the least length.
        borders: The pieces that end a text, and those that none holds.
    """

    def __init__(self, config: Generation.Config, borders: Borders) -> None:
        self.config = config
        self.end = borders.end
        self.never = sorted({borders.begin, *borders.never} - {borders.end})

    def apply(self, logs: Tensor, written: Tensor) -> Tensor:
        """Log probabilities with those of forbidden pieces at minus infinity.

        Args:
            logs: `[N, K, C]` log probabilities of the next piece (or scores, as long as nothing punishes
                repetition); changed in place.
            written: `[N, K, t]` pieces that stand already, without the begin piece.
        """
        config = self.config
        if config.repetition_penalty != 1.0 and written.shape[-1]:
            logs.scatter_(-1, written, logs.gather(-1, written) * config.repetition_penalty)
        if self.never:
            logs[..., self.never] = -torch.inf
        if written.shape[-1] < config.minimum_length:
            logs[..., self.end] = -torch.inf
        if config.no_repeat_ngram:
            _forbid_repeated(logs, written, config.no_repeat_ngram)
        return logs

    @property
    def on_probabilities(self) -> bool:
        """Whether `apply` needs log probabilities, not just scores."""
        return self.config.repetition_penalty != 1.0


def _forbid_repeated(logs: Tensor, written: Tensor, order: int) -> None:
    """Forbid each piece that would complete a sequence of `order` pieces that stands already."""
    steps = written.shape[-1]
    if steps < order:
        return
    grams = written.unfold(-1, order, 1)  # [N, K, t - order + 1, order]
    newest = written[..., steps - order + 1 :]
    same = (grams[..., :-1] == newest[..., None, :]).all(-1)
    rows = logs.flatten(0, 1)
    places = same.flatten(0, 1).nonzero()
    rows[places[:, 0], grams[..., -1].flatten(0, 1)[places[:, 0], places[:, 1]]] = -torch.inf
