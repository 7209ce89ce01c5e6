"""Evaluates the module as it stands: metrics exact over all processes, by summed or gathered statistics."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch

from tengjia.contracts import AnyBatch, Evaluator
from tengjia.distributed import Ranks
from tengjia.errors import TrainingError
from tengjia.training.context import Context

logger = logging.getLogger(__name__)


class _Sampler:
    """An evaluator that also keeps the first few examples in words."""

    def __init__(self, evaluator: Evaluator, context: Context, samples: int) -> None:
        self._evaluator, self._describe = evaluator, context.describe
        self._left = samples if context.describe and context.ranks.primary else 0
        self.batch: AnyBatch | None = None
        self.words: list[str] = []

    def update(self, predicted: Any, gold: Any, mask: Any) -> None:
        for row in range(min(self._left, _count(gold))):
            assert self._describe is not None and self.batch is not None
            self.words.append(self._describe(self.batch, row, _row(predicted, row), _row(gold, row)))
            self._left -= 1
        self._evaluator.update(predicted, gold, mask)


def _count(values: Any) -> int:
    """How many rows there are in a tensor, or in each of a tuple of tensors."""
    return _count(values[0]) if isinstance(values, tuple) else len(values)


def _row(values: Any, row: int) -> Any:
    """A row of a tensor, or of each of a tuple of tensors."""
    return tuple(_row(part, row) for part in values) if isinstance(values, tuple) else values[row].cpu()


def evaluate(context: Context, part: str, samples: int = 0) -> dict[str, float] | None:
    """Metrics of a part of the data, with the mean loss a unit as `loss`. Collective.

    Args:
        context: The training.
        part: `development`, say.
        samples: How many examples to log with what is right and what was predicted.

    Returns:
        `None` if a stop was requested meanwhile, on any process: the evaluation is void and can be made again.

    Raises:
        TrainingError: There is nothing to evaluate, or no evaluator.
    """
    if context.evaluator is None:
        raise TrainingError("trainer.no_evaluator", part=part)
    evaluator = context.evaluator
    evaluator.reset()
    sampler = _Sampler(evaluator, context, samples)
    loss, units, stopped = 0.0, 0, False
    with _judging(context):
        for batch in context.data.evaluation(part):
            sampler.batch = batch  # as it is described, on the CPU
            with context.engine.autocast():
                result = context.unit.evaluation_step(batch.to(context.engine.device), sampler)  # type: ignore[arg-type]
            if result is not None:
                loss, units = loss + float(result.total), units + result.weight
            if stopped := context.stop.requested:
                break
    counts = context.ranks.summed(torch.tensor([loss, units, float(stopped)], dtype=torch.float64))
    if counts[2] > 0:
        return None
    if counts[1] == 0:
        raise TrainingError("trainer.nothing_to_evaluate", part=part)
    for words in sampler.words:
        logger.info(words)
    return {"loss": float(counts[0] / counts[1]), **evaluator.compute(statistics_of_all(evaluator, context.ranks))}


def statistics_of_all(evaluator: Evaluator, ranks: Ranks) -> torch.Tensor:
    """The statistics of an evaluator over all processes: summed, or laid end to end where it says so. Collective."""
    own = evaluator.statistics().to("cpu", torch.float64)
    return ranks.gathered(own) if getattr(evaluator, "gathered", False) else ranks.summed(own)


@contextmanager
def _judging(context: Context) -> Iterator[None]:
    module = context.unit.module
    module.eval()
    try:
        with torch.no_grad(), context.engine.whole():
            yield
    finally:
        module.train()
