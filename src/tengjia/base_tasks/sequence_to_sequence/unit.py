"""The science of writing in two methods: what training minimises, and what evaluation measures."""

from __future__ import annotations

from typing import Any

import torch

from tengjia.base_tasks.stages.building import require_fit
from tengjia.contracts import Criterion, Evaluator, Loss, SequenceBatch
from tengjia.data.target_pieces import TargetPieces
from tengjia.layers.generation.generate import generate
from tengjia.layers.generation.memory import Borders
from tengjia.layers.generation.options import Generation
from tengjia.layers.precision import in_full


class SequenceToSequenceUnit:
    """Joins a model and a criterion (`contracts.Unit`).

    Args:
        model: Scores the pieces that follow.
        criterion: Measures the scores against the pieces that do.
        generation: How texts are written for an evaluator that looks at such; `None`: it looks at single pieces.

    Raises:
        ConfigurationError: The criterion does not fit what the model gives.
    """

    def __init__(self, model: Any, criterion: Criterion, generation: Generation.Config | None = None) -> None:
        require_fit(model, criterion)
        self.module: torch.nn.Module = model
        """What is called for scores; a trainer may wrap it (DDP, compile)."""
        self.model = model
        """The model itself, which writes."""
        self.criterion = criterion
        self.generation = generation

    def training_step(self, batch: SequenceBatch) -> Loss:
        """The loss of a batch, summed over the pieces of its targets."""
        return self._loss(self.module(batch), batch)

    def evaluation_step(self, batch: SequenceBatch, evaluator: Evaluator) -> Loss | None:
        """Measure a batch, and give the loss: piece by piece, or by texts that are really written."""
        scores = self.module(batch)
        gold, mask = following(batch)
        if self.generation is not None:
            evaluator.update(self._written(batch, self.generation), gold, mask)
        else:
            logs = in_full(scores).log_softmax(-1)
            pair: Any = (logs.gather(-1, gold[..., None])[..., 0], scores.argmax(-1))
            evaluator.update(pair, gold, mask)
        return self._loss(scores, batch)

    def _loss(self, scores: torch.Tensor, batch: SequenceBatch) -> Loss:
        gold, mask = following(batch)
        return Loss(self.criterion(scores, gold, mask), int(mask.sum()))

    def _written(self, batch: SequenceBatch, generation: Generation.Config) -> torch.Tensor:
        """Pieces `[B, L]` that the model writes, ended and padded."""
        end = self.model.labels.end
        found = generate(self.model, batch.source, generation, borders=borders(self.model.labels))
        rows = [torch.tensor([*(row[0].pieces if row else ()), end]) for row in found]
        return torch.nn.utils.rnn.pad_sequence(rows, batch_first=True)


def following(batch: SequenceBatch) -> tuple[torch.Tensor, torch.Tensor]:
    """The piece that follows each of a target, and where there is one, `[B, L - 1]` both."""
    assert batch.target is not None and batch.target_mask is not None
    return batch.target[:, 1:], batch.target_mask[:, 1:]


def borders(labels: TargetPieces) -> Borders:
    """The pieces at which texts begin and end, and those that none holds."""
    return Borders(labels.begin, labels.end, (0, labels.unknown))
