"""Looks for wrong texts that the model takes for right ones, in the whole training part, between epochs."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import numpy
import torch
from torch import Tensor

from tengjia.config.parameters import Limits
from tengjia.errors import CheckpointError, TrainingError
from tengjia.layers.comparison import unit
from tengjia.messages import text
from tengjia.registry import callbacks
from tengjia.training.callback import Callback
from tengjia.training.context import Context
from tengjia.training.limits import require
from tengjia.utilities.randomness import generator_for

logger = logging.getLogger(__name__)

_AT_ONCE: Final = 1024
"""First texts that are compared with all second texts at a time."""


@callbacks.register("hard_negatives")
class HardNegatives(Callback):
    """Gives every pair a third text that does not fit its first one, mined with the model as it is (Xiong et al. 2021).

    Among the second texts of other first texts (and those of the same one that are known not to fit) the nearest that
    lie farther away than the right one are looked at, and one of them is drawn. What is drawn depends on the weights,
    the seed and the epoch alone; it is part of a checkpoint, so training resumes exactly in the middle of an epoch too.
    """

    limits: ClassVar[Limits] = {
        "first": (1, None),
        "every": (1, None),
        "among": (1, None),
        "skip": (0, None),
        "least": (0.0, 1.0),
        "batch_size": (1, None),
    }

    @dataclass(frozen=True)
    class Config:
        enabled: bool = False
        """Whether to mine; for criteria that use a third text (triplet, ranking, contrastive, cosine, regression)."""
        first: int = 2
        """The first epoch, from 1, that has mined texts: a model that knows nothing yet finds nothing hard."""
        every: int = 1
        """After so many epochs they are mined anew."""
        among: int = 5
        """One of so many of the hardest is drawn."""
        skip: int = 0
        """So many of the very hardest are passed over: they may be right ones that nobody marked."""
        least: float = 0.5
        """From this score on, 0 to 1, the texts of a pair fit."""
        batch_size: int = 128
        """How many texts go through the model at once."""

    order = 50

    def __init__(self, config: Config) -> None:
        require("callbacks.hard_negatives", self.limits, config)
        self.config = config
        self._mined: Tensor | None = None

    def on_fit_start(self, context: Context) -> None:
        """See that there is something to mine with; go on with the texts of the checkpoint."""
        model = getattr(context.unit, "model", context.unit.module)
        if getattr(model, "decoder", None) != "vectors":
            raise TrainingError("matching.cannot_mine", key="callbacks.hard_negatives", model=type(model).__name__)
        rows = self._rows(context)
        rows.negatives = None  # another training may have left its own
        if self._mined is None:
            return
        if len(self._mined) != len(rows):
            reason = f"{len(self._mined)} pairs there, {len(rows)} here"
            raise CheckpointError("checkpoint.does_not_fit", found="callbacks.hard_negatives", reason=reason)
        rows.negatives = self._mined.numpy()

    def on_epoch_start(self, context: Context) -> None:
        """Mine, where an epoch really begins."""
        state, number = context.state, context.state.epoch + 1
        if state.step_in_epoch or state.micro or number < self.config.first:
            return
        if (number - self.config.first) % self.config.every == 0:
            self._mine(context, self._rows(context))

    def tensors(self) -> dict[str, Tensor]:
        """The row whose second text each pair has for its third."""
        return {} if self._mined is None else {"mined": self._mined}

    def load_tensors(self, tensors: Mapping[str, Tensor]) -> None:
        """Take it back."""
        self._mined = tensors["mined"].clone()

    def _rows(self, context: Context) -> Any:
        rows = getattr(getattr(context.data, "training", None), "batch", None)
        if not hasattr(rows, "negatives"):
            raise TrainingError("matching.no_pairs_to_mine", key="callbacks.hard_negatives")
        return rows

    def _mine(self, context: Context, rows: Any) -> None:
        first, second = self._vectors(context, rows)
        fits = torch.from_numpy(~(rows.targets < self.config.least)).to(first.device)  # where nothing is known, all fit
        groups = torch.from_numpy(numpy.unique(rows.groups, return_inverse=True)[1]).to(first.device)
        draw = generator_for(context.seed, "negatives", context.state.epoch).random(len(rows))
        drawn = torch.from_numpy(draw).to(first.device)
        parts = [
            self._hardest(
                first, second, fits, groups, drawn, torch.arange(at, min(at + _AT_ONCE, len(rows))).to(first.device)
            )
            for at in range(0, len(rows), _AT_ONCE)
        ]
        self._mined = torch.cat(parts).cpu()
        rows.negatives = self._mined.numpy()
        near = (first * second[torch.cat(parts)]).sum(-1)[fits].mean()
        right = (first * second).sum(-1)[fits].mean()
        values = {"count": int(fits.sum()), "near": f"{float(near):.3f}", "right": f"{float(right):.3f}"}
        logger.info(text("matching.mined", epoch=context.state.epoch + 1, **values).message)

    def _hardest(
        self, first: Tensor, second: Tensor, fits: Tensor, groups: Tensor, drawn: Tensor, chosen: Tensor
    ) -> Tensor:
        """For some pairs the row of a wrong text: one of the nearest beyond the right one, or of the nearest at all."""
        near = first[chosen] @ second.T
        own = near.gather(1, chosen[:, None])
        wrong = (groups[chosen][:, None] != groups[None, :]) | ~fits[None, :]
        wrong.scatter_(1, chosen[:, None], False)
        beyond = wrong & (near < own)
        there = torch.where(beyond.any(1, keepdim=True), beyond, wrong)
        most = min(self.config.skip + self.config.among, len(first))
        best = near.masked_fill(~there, -torch.inf).topk(most, dim=1)
        counts = torch.isfinite(best.values).sum(1)
        skipped = torch.minimum((counts - 1).clamp(min=0), counts.new_tensor(self.config.skip))
        place = skipped + (drawn[chosen] * (counts - skipped)).long()
        found = best.indices.gather(1, place.clamp(max=most - 1)[:, None])[:, 0]
        return torch.where(counts > 0, found, chosen)  # its own second text, where no other is known to be wrong

    def _vectors(self, context: Context, rows: Any) -> tuple[Tensor, Tensor]:
        """Vectors `[rows, H]` of length 1 of all first and all second texts."""
        module = context.unit.module
        module.eval()
        try:
            with torch.no_grad(), context.engine.whole():
                return self._encoded(context, rows, "first"), self._encoded(context, rows, "second")
        finally:
            module.train()

    def _encoded(self, context: Context, rows: Any, name: str) -> Tensor:
        # Batches of like length; which texts come together is the same at every epoch.
        order = numpy.argsort(-rows.lengths, kind="stable")
        parts = []
        for at in range(0, len(order), self.config.batch_size):
            batch = rows.text(name, order[at : at + self.config.batch_size]).to(context.engine.device)
            with context.engine.autocast():
                parts.append(unit(context.unit.module(batch)))
        vectors = torch.cat(parts)
        result = torch.empty_like(vectors)
        result[torch.from_numpy(order).to(vectors.device)] = vectors
        return result
