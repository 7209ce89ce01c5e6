"""The science of matching in two methods: what training minimises, and what evaluation measures."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from tengjia.base_tasks.stages.building import require_fit
from tengjia.base_tasks.text_matching.joining import joined
from tengjia.contracts import Criterion, Evaluator, Loss, PairBatch


class TextMatchingUnit:
    """Joins a model and a criterion (`contracts.Unit`).

    Args:
        model: Gives each text a vector (`decoder = "vectors"`), or a score to both as one (`"score"`).
        criterion: Measures vectors or scores against the gold scores.
        longest: At most so many pieces of two texts that are read as one.

    Raises:
        ConfigurationError: The criterion does not fit what the model gives.
    """

    def __init__(self, model: Any, criterion: Criterion, *, longest: int = 256) -> None:
        require_fit(model, criterion)
        self.module: torch.nn.Module = model
        """What is called for vectors or scores; a trainer may wrap it (DDP, compile)."""
        self.model = model
        """The model itself, which compares vectors."""
        self.criterion: Any = criterion
        self.together = model.decoder == "score"
        """Whether both texts go through the model as one."""
        self._longest = longest

    def training_step(self, batch: PairBatch) -> Loss:
        """The loss of a batch, summed over its examples."""
        count = len(batch.texts[0].ids)
        if not self.together:
            vectors = tuple(self.module(one) for one in batch.texts)
            return Loss(self.criterion(vectors, batch.target, batch.groups), count)
        return Loss(self._loss_of_scores(self.scores(batch), batch), count)

    def _loss_of_scores(self, scores: Tensor, batch: PairBatch) -> Tensor:
        loss: Tensor = self.criterion(scores, batch.target, batch.groups)
        if len(batch.texts) > 2:  # a pair that does not fit
            worse = self.module(joined(batch.texts[0], batch.texts[2], longest=self._longest))
            loss = loss + self.criterion(worse, torch.zeros_like(worse), batch.groups)
        return loss

    def scores(self, batch: PairBatch) -> Tensor:
        """How well first and second text fit, `[B]`, as the model says it."""
        first, second = batch.texts[:2]
        if self.together:
            together: Tensor = self.module(joined(first, second, longest=self._longest))
            return together
        scores: Tensor = self.model.compare(self.module(first), self.module(second))
        return scores

    def evaluation_step(self, batch: PairBatch, evaluator: Evaluator) -> Loss | None:
        """Score a batch and tell the evaluator; the loss where gold scores are known."""
        vectors: tuple[Tensor, ...] = ()
        if self.together:
            scores = self.scores(batch)
        else:
            vectors = tuple(self.module(one) for one in batch.texts)
            scores = self.model.compare(vectors[0], vectors[1])
        target = torch.ones_like(scores) if batch.target is None else batch.target
        assert batch.groups is not None
        evaluator.update(scores.float(), target, batch.groups)
        if self.together:
            return Loss(self._loss_of_scores(scores, batch), len(scores))
        return Loss(self.criterion(vectors, batch.target, batch.groups), len(scores))
